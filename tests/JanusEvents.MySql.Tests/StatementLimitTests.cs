using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>A statement that is kept has the limit of whoever asks.</summary>
public sealed class StatementLimitTests(MariaDbFixture fixture)
{
    [FactNeeding(Capabilities.MariaDb)]
    public async Task The_same_query_has_the_limit_of_who_asks_whoever_asked_first()
    {
        // Longer than a write may take, and shorter than a look at a whole table may.
        const string Query = "SELECT SLEEP(8)";
        var database = await fixture.CreateDatabaseAsync();
        await using var dataSource = MySqlSources.Create(database.ConnectionString);
        await using var connection = await StoreConnection.OpenAsync(dataSource, new MySqlDialect(), CancellationToken.None);

        (await connection.SlowNumberAsync(Query)).Should().Be(0);
        var failure = await connection.NumberAsync(Query).FailureAsync();

        failure.Should().Match(e => e is TimeoutException || e is MySqlException);
    }
}
