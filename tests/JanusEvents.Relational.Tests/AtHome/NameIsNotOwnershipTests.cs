using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.AtHome;

/// <summary>A table by one of our names that is another program's is never written to, read from or deleted from.</summary>
public abstract class NameIsNotOwnershipTests(TestStores stores) : StoreTests(stores)
{
    /// <summary>Tables of other programs, each with the name that it has.</summary>
    public static TheoryData<string, string> OtherTables => new()
    {
        { "media", "CREATE TABLE media (id INTEGER NOT NULL PRIMARY KEY, url VARCHAR(200), created_at DATETIME)" },
        { "sessions", "CREATE TABLE sessions (id VARCHAR(40) NOT NULL PRIMARY KEY, user_id INTEGER, payload TEXT, last_activity INTEGER)" },
        { "external", "CREATE TABLE external (id INTEGER NOT NULL PRIMARY KEY, session INTEGER, timestamp DATETIME)" },
        { "versions", "CREATE TABLE versions (name INTEGER NOT NULL PRIMARY KEY, version VARCHAR(30))" },
        { "hashes", "CREATE TABLE hashes (id INTEGER NOT NULL PRIMARY KEY, hash VARCHAR(64), batch INTEGER, stored DATETIME)" },
        { "facts", "CREATE TABLE facts (id INTEGER NOT NULL PRIMARY KEY, what VARCHAR(30), timestamp DATETIME)" },
        { "troubles", "CREATE TABLE troubles (trouble VARCHAR(30) NOT NULL PRIMARY KEY, code VARCHAR(30), customer VARCHAR(200))" },
        { "core", "CREATE VIEW core AS SELECT 1 AS id, 'a' AS name, 'b' AS value, '2026-01-01' AS timestamp" },
    };

    [Theory]
    [MemberData(nameof(OtherTables))]
    public async Task Nothing_is_stored_beside_a_table_of_another_program_and_the_message_has_the_ways_out(string table, string sql)
    {
        await Store.QueryAsync(sql);
        var host = await StartHostAsync();

        var failure = await host.WriteAsync(Bodies.Of(Bodies.Session(1))).AsTask().FailureAsync();
        var reading = await host.ReadAsync(new EventQuery()).FailureAsync();
        var rebuilding = await host.RoomFacts.RebuildAsync().FailureAsync();
        var upgrading = await host.Schema.UpgradeAsync().FailureAsync();

        failure!.Message.Should().Contain($" {table} (").And.Contain("a database of its own").And.Contain("JanusEvents:TablePrefix");
        new[] { reading, rebuilding, upgrading }.Select(e => e?.Message).Should().OnlyContain(message => message == failure.Message);
        (await Store.TablesAsync()).Where(t => t != table).Should().BeEmpty();
    }

    [Fact]
    public async Task With_a_prefix_both_live_in_one_database_and_the_application_keeps_its_rows_through_a_year_of_retention()
    {
        await Store.QueryAsync(
            "CREATE TABLE media (id INTEGER NOT NULL PRIMARY KEY, url VARCHAR(200), created_at DATETIME);"
            + "CREATE TABLE stats (id INTEGER NOT NULL PRIMARY KEY, day DATE, visits INTEGER);"
            + "CREATE TABLE stays (id INTEGER NOT NULL PRIMARY KEY, hotel VARCHAR(200));"
            + "INSERT INTO media VALUES (1, 'cat.png', '2026-01-01'), (2, 'dog.png', '2026-01-02');"
            + "INSERT INTO stats VALUES (1, '2026-01-01', 10), (2, '2026-01-02', 20);"
            + "INSERT INTO stays VALUES (1, 'Ritz')");
        ShiftedTime time = new();
        var host = await StartHostAsync(
            options =>
            {
                options.TablePrefix = "janus_";
                options.Retention.KeepDays = 30;
            },
            services => services.AddSingleton<TimeProvider>(time));
        var joined = RoomEvents.VideoRoom(1, "joined", "1234", "5", 6);

        await host.WriteAsync(Bodies.Of(Bodies.Session(1), joined, RoomEvents.Stats(2, 6), "17"));
        var read = await host.ReadAsync(new EventQuery());
        var ofRoom = await host.ReadAsync(new EventQuery { Room = "1234" });
        var rebuilt = await host.RoomFacts.RebuildAsync();
        var upgrade = await host.Schema.UpgradeAsync();
        var stays = await CountAsync("janus_stays");
        var rejected = await host.Services.GetRequiredService<IRejectedEvents>().ReadAsync().ToListAsync();
        for (var day = 0; day < 366; day += 61)
        {
            time.Advance(TimeSpan.FromDays(61));
            await host.RemoveOldAsync();
        }

        read.Should().HaveCount(3);
        ofRoom.Should().HaveCount(2);
        (rebuilt.Facts, stays, rejected.Count).Should().Be((1, 1, 1));
        upgrade.DidNothing.Should().BeTrue();
        (await CountAsync("janus_sessions")).Should().Be(0, "its events are older than 30 days");
        (await ColumnAsync("SELECT url FROM media ORDER BY id")).Should().Equal("cat.png", "dog.png");
        (await ColumnAsync("SELECT visits FROM stats ORDER BY id")).Should().Equal("10", "20");
        (await ColumnAsync("SELECT hotel FROM stays")).Should().Equal("Ritz");
        (await Store.TablesAsync()).Where(t => !t.StartsWith("janus_", StringComparison.Ordinal)).Should().BeEquivalentTo("media", "stats", "stays");
    }

    [Fact]
    public async Task Two_stores_with_prefixes_of_their_own_share_a_database()
    {
        var one = await StartHostAsync(options => options.TablePrefix = "one_");
        var two = await StartHostAsync(options => options.TablePrefix = "two_");
        var body = Bodies.Of(Bodies.Session(1));

        await one.WriteAsync(body);
        await two.WriteAsync(body, Bodies.Of(Bodies.Session(2)));

        (await one.ReadAsync(new EventQuery())).Should().ContainSingle();
        (await two.ReadAsync(new EventQuery())).Should().HaveCount(2);
        (await two.ReadAsync(new EventQuery { SessionId = 2 })).Should().ContainSingle();
    }

    [Fact]
    public async Task The_script_of_a_store_with_a_prefix_makes_what_a_host_makes()
    {
        var host = await StartHostAsync(options => options.TablePrefix = "janus_");
        await Store.QueryAsync(host.Schema.CreateScript());
        var script = await Store.TablesAsync();

        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        (await Store.TablesAsync()).Should().Equal(script);
        script.Should().OnlyContain(t => t.StartsWith("janus_"));
        (await host.Schema.UpgradeScriptAsync()).Should().Contain("Nothing to do");
    }
}
