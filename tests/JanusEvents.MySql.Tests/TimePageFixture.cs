using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>A server that is itself in another zone, and that knows the one of the page.</summary>
public sealed class TimePageFixture() : DatabaseFixture<MariaDbServer>(Capabilities.MariaDb, () => MariaDbServer.StartAsync("--default-time-zone=+05:45"))
{
    private readonly Lock _gate = new();
    private Task<MariaDbServer>? _loaded;

    /// <summary>The server with its table of time zones.</summary>
    public Task<MariaDbServer> ServerWithZonesAsync()
    {
        lock (_gate)
            return _loaded ??= LoadAsync();
    }

    private async Task<MariaDbServer> LoadAsync()
    {
        var server = await ServerAsync();
        // All zones take a second; of one, the tool says what to do for it.
        var sql = await ChildProcess.RunAsync(
            ["mariadb-tzinfo-to-sql", "/usr/share/zoneinfo/America/St_Johns", "America/St_Johns"], Wait.Limit);
        await server.RunScriptAsync(string.Join('\n', sql));
        return server;
    }
}
