using JanusEvents.Relational.Tests.AtHome;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

public sealed class SqliteOneEventStopsNobodyTests() : OneEventStopsNobodyTests(TestStores.Sqlite)
{
    [Theory]
    [InlineData("RAISE(ABORT, 'not this one')")]
    [InlineData("RAISE(FAIL, 'not this one')")]
    [InlineData("RAISE(ROLLBACK, 'not this one')")]
    [InlineData("RAISE(IGNORE)")]
    public async Task A_trigger_of_the_users_own_costs_its_row_only(string raise)
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.OfText("[ ]"));
        await Store.QueryAsync($"CREATE TRIGGER t BEFORE INSERT ON sessions WHEN NEW.session = 2 BEGIN SELECT {raise}; END");

        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Session(2), Bodies.Session(3)), Bodies.Of(Bodies.Plugin(4, "{}")));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "3");
        (await CountAsync("plugins")).Should().Be(1);
        (await CountAsync("hashes")).Should().Be(3);
        (await ColumnAsync("SELECT bytes FROM rejected")).Should().Equal(Bodies.Session(2));
    }

    protected override string RefuseWithUnknownError(string table, string condition) =>
        $"CREATE TRIGGER refuses_{table} BEFORE INSERT ON {table} WHEN {condition} BEGIN SELECT json_extract('{{', '$'); END";

    protected override string DropIndex(string table, string index) => $"DROP INDEX {index}";
}
