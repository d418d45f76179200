using System.Data.Common;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

public sealed class AddMySqlTests(MariaDbFixture fixture)
{
    private static JanusEventsBuilder Builder => new ServiceCollection().AddJanusEvents();

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void An_empty_connection_string_is_refused_at_once(string? connectionString)
    {
        var adding = () => Builder.AddMySql(connectionString!);

        adding.Should().Throw<ArgumentException>().WithParameterName(nameof(connectionString));
    }

    [Theory]
    [InlineData("Server=localhost;Usr=janus")]
    [InlineData("not a connection string")]
    [InlineData("Server=localhost;Port=many")]
    public void A_connection_string_that_is_not_understood_is_refused_at_once_with_an_example(string connectionString)
    {
        var adding = () => Builder.AddMySql(connectionString);

        adding.Should().Throw<ArgumentException>().WithMessage("The MySQL connection string is not understood: *Server=localhost;User ID=janus*");
    }

    [Fact]
    public void A_connection_string_without_a_database_is_refused_at_once()
    {
        var adding = () => Builder.AddMySql("Server=localhost;User ID=janus;Password=p");

        adding.Should().Throw<ArgumentException>().WithMessage("*names no database*Database=janusevents*");
    }

    [Theory]
    [InlineData("NoBackslashEscapes=true", "*NoBackslashEscapes=true*Remove it*")]
    [InlineData("Database=", "*no database*Database=janusevents*")]
    [InlineData("ConnectionReset=false", "*ConnectionReset=false*Remove it*")]
    public void A_data_source_whose_settings_break_a_promise_is_refused_at_once_with_the_way_out(string setting, string message)
    {
        using var dataSource = new MySqlDataSource($"Server=localhost;User ID=janus;Database=janusevents;{setting}");
        var adding = () => Builder.AddMySql(dataSource);

        adding.Should().Throw<InvalidOperationException>().WithMessage(message);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_data_source_is_used_and_stays_the_hosts()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var dataSource = new MySqlDataSource($"{database.ConnectionString}");

        await using (var host = await StoreHost.StartAsync(builder => builder.AddMySql(dataSource)))
            await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await using (var host = await StoreHost.StartAsync(builder => builder.AddMySql(_ => dataSource)))
            await host.WriteAsync(Bodies.Of(Bodies.Session(2)));

        await using var connection = await dataSource.OpenConnectionAsync();
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task The_data_source_that_the_host_registered_is_used()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(
            builder => builder.AddMySql(),
            services => services.AddSingleton(_ => new MySqlDataSource($"{database.ConnectionString}")));

        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("1");
    }

    [Fact]
    public async Task A_host_without_a_registered_data_source_does_not_start_and_says_what_to_call()
    {
        var starting = () => StoreHost.StartAsync(builder => builder.AddMySql());

        await starting.Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("AddMySql() found no MySqlDataSource. Register one with builder.Services.AddMySqlDataSource(connectionString)*namespace MySqlConnector*");
    }

    [Fact]
    public async Task A_data_source_of_another_database_is_refused()
    {
        await using var sqlite = new OtherDataSource();
        var starting = () => StoreHost.StartAsync(builder => builder.AddMySql(), services => services.AddSingleton<DbDataSource>(sqlite));

        await starting.Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("*OtherDataSource, which is not one of MySqlConnector.*AddMySqlDataSource*");
    }

    private sealed class OtherDataSource : DbDataSource
    {
        public override string ConnectionString => "Data Source=other.db";

        protected override DbConnection CreateDbConnection() => new Microsoft.Data.Sqlite.SqliteConnection(ConnectionString);
    }
}
