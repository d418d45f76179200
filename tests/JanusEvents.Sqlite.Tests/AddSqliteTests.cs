using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Sqlite.Tests;

public sealed class AddSqliteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static JanusEventsBuilder Builder => new ServiceCollection().AddJanusEvents();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void An_empty_connection_string_is_refused_at_once(string? connectionString)
    {
        var adding = () => Builder.AddSqlite(connectionString!);

        adding.Should().Throw<ArgumentException>().WithParameterName(nameof(connectionString));
    }

    [Theory]
    [InlineData("janusevents.db")]
    [InlineData("Data Source=a.db;Sever=x")]
    public void A_connection_string_that_is_not_understood_is_refused_at_once_with_an_example(string connectionString)
    {
        var adding = () => Builder.AddSqlite(connectionString);

        adding.Should().Throw<ArgumentException>()
            .WithMessage("The SQLite connection string is not understood: *It has the form \"Data Source=janusevents.db\".*");
    }

    [Theory]
    [InlineData("Cache=Shared")]
    [InlineData("Data Source=")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=name;Mode=Memory")]
    [InlineData("Data Source=file::memory:?cache=shared")]
    [InlineData("Data Source=file:name?mode=memory")]
    [InlineData("Data Source=a.db;Mode=ReadOnly")]
    public void What_is_no_file_that_may_be_written_is_refused_at_once(string connectionString)
    {
        var adding = () => Builder.AddSqlite(connectionString);

        adding.Should().Throw<ArgumentException>()
            .WithMessage("The SQLite connection string must name a file that may be written: \"Data Source=janusevents.db\".*");
    }

    [Fact]
    public async Task A_file_in_a_folder_that_is_not_there_is_a_failure_that_names_it_and_heals_with_the_folder()
    {
        await using var host = await StoreHost.StartAsync(builder => builder.AddSqlite($"Data Source={_folder["later/janusevents.db"]}"));
        var body = Bodies.Of(Bodies.Session(1));

        var failure = await host.WriteAsync(body).AsTask().FailureAsync();
        Directory.CreateDirectory(_folder["later"]);
        await host.WriteAsync(body);

        failure!.Message.Should().Be($"The database {_folder["later/janusevents.db"]} cannot be opened: {failure.InnerException!.Message}");
        failure.InnerException.Should().BeOfType<SqliteException>().Which.SqliteErrorCode.Should().Be(14);
        new SqliteDialect().Classify(failure).Should().Be(Relational.Connections.FailureKind.Store);
    }

    [Fact]
    public async Task A_relative_path_is_one_of_the_working_directory_at_the_time_of_the_call()
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder["janusevents.db"]);
        await using var host = await StoreHost.StartAsync(builder => builder.AddSqlite($"Data Source={relative}"));

        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        File.Exists(_folder["janusevents.db"]).Should().BeTrue();
    }

    [Fact]
    public async Task The_file_is_closed_with_the_host()
    {
        await using (var host = await StoreHost.StartAsync(builder => builder.AddSqlite($"Data Source={_folder["janusevents.db"]}")))
            await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        // The last connection to a database takes its write-ahead log away.
        Directory.GetFiles(_folder.Path).Should().Equal(_folder["janusevents.db"]);
    }
}
