using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Records;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Sqlite.Tests;

/// <summary>A file with the published tables, as somebody carried them over to SQLite, is altered when asked.</summary>
public sealed class UpgradeTests : IDisposable
{
    private static readonly string s_published = File.ReadAllText(Repository.PathOf("tests", "data", "published.sql"))
        .Replace("id INT NOT NULL AUTO_INCREMENT PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT", StringComparison.Ordinal);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [FactNeeding(Capabilities.Sqlite)]
    public async Task Every_row_is_kept_with_what_others_added_and_a_second_time_nothing_is_done()
    {
        await RunAsync("old.db", s_published);
        await RunAsync(
            "old.db",
            "INSERT INTO sessions VALUES (3, 1001, 'created', '2016-05-01 10:00:00'), (4, 1001, 'destroyed', '0000-00-00 00:00:00');"
            + "ALTER TABLE handles ADD COLUMN note TEXT NOT NULL DEFAULT 'theirs'; CREATE INDEX notes ON handles (note);"
            + "CREATE VIEW attached AS SELECT handle, note FROM handles;"
            + "INSERT INTO handles VALUES (1, 1001, 77, 'attached', 'p', '2016-05-01 10:00:01', 'mine')");
        await using var host = await StartAsync("old.db");
        await host.WriteAllAsync(Bodies.OfCapture("02-echotest"), perBatch: 50);
        await host.WriteAllAsync(Bodies.OfCapture("07c-plain-combined-stats-no-server-name"), perBatch: 50);
        var events = await ReadAsync(host);
        List<string> told = [];

        var done = await host.Schema.UpgradeAsync(new Told(told));

        done.ChangedTables.Should().HaveCount(12);
        done.LeftAlone.Should().BeEmpty();
        done.MovedRows.Should().BePositive();
        told.Should().Contain(l => l.StartsWith("sessions (1 of 12): done", StringComparison.Ordinal));
        (await RunAsync("old.db", "SELECT id, session, event, timestamp FROM sessions WHERE session = 1001 ORDER BY id"))
            .Should().Equal("3|1001|created|2016-05-01 10:00:00", "4|1001|destroyed|0000-00-00 00:00:00");
        (await RunAsync("old.db", "SELECT * FROM attached WHERE handle = 77")).Should().Equal("77|mine");
        (await RunAsync("old.db", "SELECT count(*) FROM extras; SELECT version FROM versions WHERE name = 'schema'")).Should().Equal("0", "1");
        (await RunAsync("old.db", "SELECT count(*) FROM stats WHERE part = 1")).Should().NotEqual(["0"]);
        (await RunAsync("old.db", "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'handles' ORDER BY 1"))
            .Should().Equal("handles_session_handle", "handles_timestamp", "notes");
        (await ReadAsync(host)).Should().Equal(events);
        (await host.Schema.UpgradeAsync()).DidNothing.Should().BeTrue();

        // What may be missing now was refused before.
        var noStream = Bodies.Event(16, $"\"subtype\":5,{Bodies.OfHandle(1)}", "\"dtls\":\"connected\"");
        await using var next = await StartAsync("old.db");
        await next.WriteAsync(Bodies.Of(noStream));
        (await ReadAsync(next)).Should().HaveCount(events.Count + 1);
    }

    [TheoryNeeding(Capabilities.Sqlite)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_tables_of_records_and_troubles_are_created_beside_the_published_ones(bool upgrade)
    {
        await RunAsync("calls.db", s_published);
        await using var host = await StartAsync("calls.db", upgrade);
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));

        await host.AddAsync(MonitoringRecords.FullRecord());
        await host.SaveAsync(MonitoringRecords.FullTrouble());

        (await host.RecordsAsync()).Should().BeEquivalentTo([MonitoringRecords.FullRecord()]);
        (await host.TroublesAsync()).Should().BeEquivalentTo([MonitoringRecords.FullTrouble()]);
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task Hosts_upgrade_before_their_first_write_and_the_scripts_do_the_same()
    {
        await RunAsync("hosts.db", s_published);
        await RunAsync("script.db", s_published);
        await using (var one = await StartAsync("hosts.db", upgrade: true))
        await using (var other = await StartAsync("hosts.db", upgrade: true))
        await using (var scripts = await StartAsync("script.db"))
        {
            await Task.WhenAll(new[] { one, other }.Select((host, i) =>
                Task.Run(() => host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(i + 1))))));
            await RunAsync("script.db", await scripts.Schema.UpgradeScriptAsync());
            (await scripts.Schema.UpgradeScriptAsync()).Should().StartWith("-- Nothing to do");
            await RunAsync("new.db", scripts.Schema.CreateScript());
        }

        await using (var made = await StartAsync("made.db"))
            await made.WriteAsync(Bodies.Of(Bodies.Session(1)));

        (await RunAsync("hosts.db", "SELECT session FROM sessions ORDER BY session")).Should().Equal("1", "2");
        var expected = await DescribeAsync("made.db");
        (await DescribeAsync("hosts.db")).Should().Equal(expected);
        (await DescribeAsync("script.db")).Should().Equal(expected);
        (await DescribeAsync("new.db")).Should().Equal(expected);
    }

    private Task<StoreHost> StartAsync(string file, bool upgrade = false) =>
        StoreHost.StartAsync(builder => builder.AddSqlite($"Data Source={_folder[file]}", options => options.UpgradeSchema = upgrade));

    private static async Task<List<string>> ReadAsync(StoreHost host) =>
        [.. (await host.ReadAsync(new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8))];

    private Task<IReadOnlyList<string>> DescribeAsync(string file) => RunAsync(
        file,
        "SELECT m.name, p.* FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid;"
        + "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name");

    private async Task<IReadOnlyList<string>> RunAsync(string file, string sql)
    {
        await File.WriteAllTextAsync(_folder["script.sql"], sql);
        return await ChildProcess.RunAsync(
            ["sqlite3", "-bail", "-cmd", ".timeout 10000", _folder[file], $".read {_folder["script.sql"]}"], Wait.Limit);
    }

    private sealed class Told(List<string> told) : IProgress<SchemaUpgradeProgress>
    {
        public void Report(SchemaUpgradeProgress value) => told.Add($"{value}");
    }
}
