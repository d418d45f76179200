using JanusEvents.Redaction;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.MySql.Tests;

/// <summary>Events that a column refuses.</summary>
public abstract class RefusedEventTests(TestServers servers) : ServerTests(servers)
{
    /// <summary>Somebody made columns narrower than the library expects of the tables it made: the database refuses then.</summary>
    internal static async Task NarrowAsync(StoreHost host, MariaDbDatabase database)
    {
        await host.WriteAsync(Bodies.OfText("[ ]"));
        await database.QueryAsync(
            "ALTER TABLE sessions MODIFY event VARCHAR(100) NULL; ALTER TABLE stats MODIFY medium VARCHAR(100) NULL;");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    [InlineData(99)]
    public async Task One_refused_event_of_a_hundred_leaves_99_rows_and_itself_in_rejected(int refused)
    {
        var database = await CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var events = Enumerable.Range(0, 100).Select(i => Bodies.Session(i, i == refused ? new string('ü', 200) : "created")).ToArray();
        var body = Bodies.Of(events);

        await NarrowAsync(host, database);

        await host.WriteAsync(body);

        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0])
            .Should().BeEquivalentTo(Enumerable.Range(0, 100).Where(i => i != refused).Select(i => $"{i}"), o => o.WithStrictOrdering());
        var rejected = (await database.QueryAsync("SELECT place, part, parts, remote, reason, bytes FROM rejected")).Should().ContainSingle().Which;
        rejected[..4].Should().Equal($"{body.Json.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes(events[refused]))}", "1", "1", "192.0.2.7");
        rejected[4].Should().StartWith("Table sessions: ").And.Contain("'event'");
        rejected[5].Should().Be(events[refused]);
        host.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should().NotContain("üü");
    }

    [Fact]
    public async Task A_refused_event_of_a_body_without_secrets_has_reason_size_and_hash_only()
    {
        var database = await CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var refused = Bodies.Session(2, new string('x', 101));
        var body = BodyRedaction.Of(new RedactionOptions { Tokens = true })!.Redact(Bodies.Of(Bodies.Session(1), refused));

        await NarrowAsync(host, database);

        await host.WriteAsync(body);

        (await database.ValueAsync("SELECT session FROM sessions")).Should().Be("1");
        var rejected = (await database.QueryAsync("SELECT LOWER(HEX(hash)), size, bytes, reason FROM rejected")).Should().ContainSingle().Which;
        rejected[..3].Should().Equal(Convert.ToHexStringLower(body.Hash.Span), $"{refused.Length}", null);
        rejected[3].Should().StartWith("Table sessions: ");
    }

    [Fact]
    public async Task Many_refused_events_among_others_are_all_kept()
    {
        var database = await CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var tooLong = new string('x', 101);

        await NarrowAsync(host, database);

        await host.WriteAsync(
            Bodies.Of([.. Enumerable.Range(0, 90).Select(i => Bodies.Session(i, i % 3 == 0 ? tooLong : "created"))]),
            Bodies.Of([.. Enumerable.Range(90, 10).Select(i => Bodies.Session(i, tooLong))]));

        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("60");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("40");
        (await database.ValueAsync("SELECT count(DISTINCT place, hash) FROM rejected")).Should().Be("40");
    }

    [Fact]
    public async Task A_combined_event_whose_part_is_refused_is_kept_whole_and_once()
    {
        var database = await CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var combined = $"{{\"type\":32,\"subtype\":3,\"session_id\":1,\"handle_id\":2,\"event\":[{{\"media\":\"audio\"}},{{\"media\":\"{new string('m', 101)}\"}},{{\"media\":\"{new string('n', 102)}\"}}]}}";

        await NarrowAsync(host, database);

        await host.WriteAsync(Bodies.Of(combined));

        (await database.QueryAsync("SELECT bytes FROM rejected")).Should().ContainSingle().Which.Should().Equal(combined);
        (await database.QueryAsync("SELECT medium FROM stats")).Should().BeEmpty("it is rejected whole, and must not be there twice when it is stored later");
    }

    [Fact]
    public async Task A_fact_that_is_refused_costs_only_itself()
    {
        var database = await CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.OfText("[ ]"));
        await database.QueryAsync("ALTER TABLE facts MODIFY room VARCHAR(3) NULL");

        await host.WriteAsync(Bodies.Of([.. Enumerable.Range(0, 7).Select(i => RoomEvents.VideoRoom(i, "joined", i == 4 ? "1234" : "123", $"{i}", i + 1))]));

        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("7");
        (await database.ValueAsync("SELECT count(*) FROM stays WHERE room = '123'")).Should().Be("6");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
        host.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("joined").And.NotContain("1234");
    }
}
