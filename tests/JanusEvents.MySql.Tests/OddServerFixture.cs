using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>
/// A server with the settings that lose data elsewhere: no strict mode, another time zone, latin1, small packets.
/// </summary>
public sealed class OddServerFixture : IAsyncLifetime
{
    private readonly Lock _gate = new();
    private Task<MariaDbServer>? _server;

    public async Task<MariaDbDatabase> CreateDatabaseAsync()
    {
        lock (_gate)
        {
            _server ??= MariaDbServer.StartAsync(
                "--sql-mode=", "--default-time-zone=+09:30", "--character-set-server=latin1", "--max-allowed-packet=1M");
        }

        return await (await _server).CreateDatabaseAsync();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is { IsCompletedSuccessfully: true })
            await (await _server).DisposeAsync();
    }
}
