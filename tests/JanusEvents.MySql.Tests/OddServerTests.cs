using System.Text;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.MySql.Tests;

/// <summary>The server's own settings do not matter.</summary>
public sealed class OddServerTests(OddServerFixture fixture) : IClassFixture<OddServerFixture>
{
    private const int Packet = 1 << 20;

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Texts_and_times_are_stored_as_everywhere()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StartAsync(database);

        await host.WriteAsync(Bodies.Of(Bodies.Session(1, "ä✓\U0001F600")));

        (await database.QueryAsync("SELECT hex(event), timestamp FROM sessions")).Should().ContainSingle()
            .Which.Should().Equal("C3A4E29C93F09F9880", "2026-07-01 12:00:00.123456");
        (await database.ValueAsync("SELECT abs(timestampdiff(SECOND, stored, utc_timestamp())) < 600 FROM hashes")).Should().Be("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_text_that_is_too_long_is_refused_and_not_cut()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StartAsync(database);

        await RefusedEventTests.NarrowAsync(host, database);

        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Session(2, new string('n', 200)), Bodies.Session(3)));

        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "3");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Statements_are_cut_by_bytes()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StartAsync(database);
        var text = new string('x', 100_000);

        await host.WriteAsync(Bodies.Of([.. Enumerable.Range(1, 40).Select(i => Bodies.Plugin(i, $"\"{text}\""))]));

        (await database.QueryAsync("SELECT session FROM plugins WHERE length(event) = 100002 ORDER BY id")).Select(r => r[0])
            .Should().Equal(Enumerable.Range(1, 40).Select(i => $"{i}"));
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(700)]
    [InlineData(900)]
    [InlineData(960)]
    [InlineData(1000)]
    [InlineData(1024)]
    [InlineData(3000)]
    public async Task An_event_about_as_large_as_a_packet_or_larger_costs_nothing_but_its_row(int kilobytes)
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StartAsync(database);
        var large = Bodies.Plugin(2, $"\"{new string('y', kilobytes * 1024)}\"");

        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "1"), large, Bodies.Plugin(3, "3"), Bodies.Session(4)));

        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("1");
        var stored = (await database.QueryAsync("SELECT session FROM plugins ORDER BY id")).Select(r => r[0]).ToList();
        if (stored.Count == 3)
        {
            stored.Should().Equal("1", "2", "3");
            large.Length.Should().BeLessThan(Packet);
            (await database.ValueAsync("SELECT length(event) FROM plugins WHERE session = 2")).Should().Be($"{(kilobytes * 1024) + 2}");
            (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
            return;
        }

        stored.Should().Equal("1", "3");
        large.Length.Should().BeGreaterThan(Packet * 9 / 10);
        var parts = await database.QueryAsync("SELECT part, parts, hex(bytes), reason FROM rejected ORDER BY id");
        parts.Should().HaveCountGreaterThan(1);
        parts.Select(p => p[0]).Should().Equal(Enumerable.Range(1, parts.Count).Select(i => $"{i}"));
        parts.Should().OnlyContain(p => p[1] == $"{parts.Count}" && p[3]!.Contains("larger than a statement"));
        Encoding.UTF8.GetString(Convert.FromHexString(string.Concat(parts.Select(p => p[2])))).Should().Be(large);
    }

    private static Task<StoreHost> StartAsync(MariaDbDatabase database) =>
        StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
}
