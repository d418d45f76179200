using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>Every recorded stream goes through the running sample host as a real Janus would send it.</summary>
public sealed class EveryCaptureTests
{
    [Fact]
    public async Task Every_capture_is_stored_in_SQLite()
    {
        using var folder = new TemporaryFolder();
        await SendAll(folder, new SqliteStore(folder), Captures.ShortOnes);
    }

    // Slow: the long one is among them, the endpoint stores every capture in MariaDB in other projects, and this host stores into MariaDB in other tests.
    [FactNeeding(Capabilities.MariaDb)]
    [Trait("Category", "Slow")]
    public async Task Every_capture_is_stored_in_MariaDB()
    {
        using var folder = new TemporaryFolder();
        await SendAll(folder, await MariaDbStore.StartAsync(), Captures.Names);
    }

    private static async Task SendAll(TemporaryFolder folder, Store store, IEnumerable<string> captures)
    {
        await using var disposed = store;
        await using var host = await SampleHostProcess.StartAsync(folder.Path, [.. store.HostArguments]);
        var sender = new JanusSender(host.Url);
        var expected = ExpectedTables.CountRows([]);

        foreach (var capture in captures)
        {
            foreach (var body in Captures.Bodies(capture))
            {
                var sent = await sender.SendAsync(body);
                sent.Should().BeEquivalentTo(new { Status = 200, Attempts = 1 }, $"{body} holds nothing but good events");
            }

            foreach (var (table, rows) in ExpectedTables.CountRows(Captures.Bodies(capture).Select(body => body.Json)))
                expected[table] += rows;
            var stored = new Dictionary<string, int>();
            await Wait.UntilAsync(
                async () =>
                {
                    foreach (var table in ExpectedTables.Names)
                        stored[table] = await store.CountAsync(table);
                    return expected.All(rows => stored[rows.Key] >= rows.Value);
                },
                store.Delay,
                $"all of {capture}, which was acknowledged, to be in the tables",
                () => string.Join(", ", expected.Select(rows => $"{rows.Key} {stored[rows.Key]} of {rows.Value}")) + "\n" + host.Output);
            stored.Should().Equal(expected, $"{capture} was sent once");
            (await store.CountAsync("rejected")).Should().Be(0, $"everything in {capture} is an event that fits");
        }

        (await host.StopAsync()).Should().Be(0);
    }
}
