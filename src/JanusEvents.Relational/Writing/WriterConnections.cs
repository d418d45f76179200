using System.Collections.Concurrent;
using System.Data.Common;
using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Writing;

/// <summary>The connections of a store's writers, which stay open between batches.</summary>
internal sealed class WriterConnections(DbDataSource dataSource, bool ownsDataSource, SqlDialect dialect) : IAsyncDisposable
{
    // All that is done for a batch; long enough to create the tables, which goes on with the next try.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    // Open connections that nobody uses, that used last on top.
    private readonly ConcurrentStack<StoreConnection> _idle = [];
    private volatile bool _disposed;

    /// <summary>Takes the connection that was used last, or opens one.</summary>
    public async Task<StoreConnection> TakeAsync(CancellationToken cancellationToken)
    {
        if (!_idle.TryPop(out StoreConnection? connection))
            connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        if (dialect.IsServer)
            connection.LimitTo(s_limit);
        return connection;
    }

    /// <summary>Takes a connection back; one that is broken is closed, with all that nobody uses.</summary>
    public async ValueTask GiveBackAsync(StoreConnection? connection)
    {
        if (connection is { IsBroken: false } && !_disposed)
        {
            _idle.Push(connection);
            return;
        }

        // The others were opened to the same server, and have hardly fared better.
        for (; connection is not null; _idle.TryPop(out connection))
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        while (_idle.TryPop(out StoreConnection? connection))
            await connection.DisposeAsync().ConfigureAwait(false);
        if (ownsDataSource)
            await dataSource.DisposeAsync().ConfigureAwait(false);
    }
}
