using Xunit;

namespace JanusEvents.Testing;

/// <summary>
/// One server for many tests, each with a database of its own: an xunit class or collection fixture.
/// The server starts with the first database, so that skipped tests start none.
/// </summary>
public sealed class MariaDbFixture : IAsyncLifetime
{
    private readonly Lock _gate = new();
    private Task<MariaDbServer>? _server;

    /// <summary>The running server.</summary>
    public Task<MariaDbServer> ServerAsync()
    {
        lock (_gate)
            return _server ??= MariaDbServer.StartAsync();
    }

    /// <summary>A new, empty database.</summary>
    public async Task<MariaDbDatabase> CreateDatabaseAsync()
    {
        var server = await ServerAsync().ConfigureAwait(false);
        return await server.CreateDatabaseAsync().ConfigureAwait(false);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (_server is { IsCompletedSuccessfully: true })
            await (await _server.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }
}
