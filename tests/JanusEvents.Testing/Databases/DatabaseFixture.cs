using Xunit;

namespace JanusEvents.Testing;

/// <summary>
/// One server for many tests, each with a database of its own: an xunit class or collection fixture.
/// The server starts with the first database, so that skipped tests start none.
/// </summary>
/// <param name="needed">What the server needs of the machine.</param>
/// <param name="start">Starts the server.</param>
public abstract class DatabaseFixture<TServer>(Capabilities needed, Func<Task<TServer>> start) : IAsyncLifetime
    where TServer : DatabaseServer
{
    /// <summary>
    /// The server writes to its files without waiting for the disk: what it wrote is there after a crash of the server, and no
    /// test has the machine crash. It makes and deletes no file for each table: there are thousands of tables.
    /// </summary>
    internal static readonly string[] WithoutWaitingForTheDisk =
        ["--innodb-flush-method=nosync", "--skip-sync-frm", "--skip-innodb-file-per-table"];

    private readonly Lock _gate = new();
    private Task<TServer>? _server;

    /// <summary>What tests on the server need of the machine.</summary>
    public Capabilities Needed => needed;

    /// <summary>The running server.</summary>
    public Task<TServer> ServerAsync()
    {
        lock (_gate)
            return _server ??= start();
    }

    /// <summary>A new, empty database.</summary>
    public async Task<MariaDbDatabase> CreateDatabaseAsync()
    {
        var server = await ServerAsync().ConfigureAwait(false);
        return await server.CreateDatabaseAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { IsCompletedSuccessfully: true })
            await (await _server.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
