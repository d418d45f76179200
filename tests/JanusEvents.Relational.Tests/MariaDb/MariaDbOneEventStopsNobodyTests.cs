using JanusEvents.Relational.Tests.AtHome;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests.MariaDb;

public sealed class MariaDbOneEventStopsNobodyTests(MariaDbFixture server) : OneEventStopsNobodyTests(TestStores.On(server))
{
    /// <summary>Constraints and triggers of the users' own, and the row that they refuse.</summary>
    public static TheoryData<string> Constraints =>
    [
        "CREATE TABLE tenants (id BIGINT PRIMARY KEY); INSERT INTO tenants VALUES (1), (3); ALTER TABLE sessions ADD FOREIGN KEY (session) REFERENCES tenants (id)",
        "ALTER TABLE sessions ADD CHECK (session <> 2)",
        "CREATE TRIGGER t BEFORE INSERT ON sessions FOR EACH ROW SET NEW.event = IF(NEW.session = 2, NULL, NEW.event); ALTER TABLE sessions MODIFY event VARCHAR(255) NOT NULL",
        "ALTER TABLE sessions DROP PRIMARY KEY, ADD PRIMARY KEY (id, session), MODIFY session BIGINT NOT NULL; ALTER TABLE sessions PARTITION BY LIST (session) (PARTITION p VALUES IN (1, 3))",
        "CREATE UNIQUE INDEX once ON sessions (event)",
    ];

    [Theory]
    [MemberData(nameof(Constraints))]
    public async Task A_constraint_of_the_users_own_rejects_its_row_at_once(string sql)
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.OfText("[ ]"));
        await Store.QueryAsync(sql);

        await host.WriteAsync(Bodies.Of(Bodies.Session(1, "a"), Bodies.Session(2, "a"), Bodies.Session(3, "b")));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "3");
        (await ColumnAsync("SELECT bytes FROM rejected")).Should().Equal(Bodies.Session(2, "a"));
    }

    [Fact]
    public async Task A_trigger_that_wants_a_table_that_is_missing_is_none_of_our_tables_missing()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.QueryAsync("CREATE TRIGGER t AFTER INSERT ON dtls FOR EACH ROW INSERT INTO audit VALUES (NEW.session)");
        var aside = Bodies.Of(Bodies.Event(16, "\"subtype\":5," + Bodies.OfHandle(1), "\"dtls\":\"trying\""));
        var other = Bodies.OfBytes("[]"u8.ToArray(), from: "192.0.2.9");

        var failure = await host.WriteAsync(aside, other).AsTask().FailureAsync();

        failure.Should().BeOfType<Sinks.PartlyStoredException>().Which.HasStored(other).Should().BeTrue();
        (await CountAsync("rejected")).Should().Be(0);
    }

    [Fact]
    public async Task Numbers_that_no_column_takes_any_more_are_an_outage_of_the_table_with_the_way_out()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.QueryAsync("ALTER TABLE sessions MODIFY id INT NOT NULL; UPDATE counters SET next = 2147483648 + 20000");
        await using var next = await StoreHost.StartAsync(builder => Store.AddTo(builder));

        for (var i = 2; i < 6; i++)
            await next.WriteAsync(Bodies.Of(Bodies.Session(i), Bodies.Plugin(i, "{}")));
        await Store.QueryAsync("ALTER TABLE sessions MODIFY id BIGINT NOT NULL");
        var done = await next.Services.GetRequiredService<IRejectedEvents>().RetryAsync();

        next.Log.From(LogLevel.Error).Should().ContainSingle().Which.Should().Contain("sessions").And.Contain("1264").And.Contain("UpgradeSchema");
        done.Should().Be(new RejectedRetryResult(4, 4));
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2", "3", "4", "5");
        (await CountAsync("plugins")).Should().Be(4);
    }

    // A subquery that gives two values: an error that says nothing of data.
    protected override string RefuseWithUnknownError(string table, string condition) =>
        $"CREATE TRIGGER refuses_{table} BEFORE INSERT ON {table} FOR EACH ROW SET NEW.session = IF({condition}, (SELECT 1 UNION SELECT 2), NEW.session)";

    protected override string DropIndex(string table, string index) => $"DROP INDEX {index} ON {table}";
}
