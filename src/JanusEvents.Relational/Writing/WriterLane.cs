using System.Data.Common;

namespace JanusEvents.Relational.Writing;

/// <summary>A connection for writing that stays open, and the thread that waits on it. Used by one caller at a time.</summary>
internal sealed class WriterLane(DbDataSource dataSource, SqlDialect dialect, WriteTurn turn) : IAsyncDisposable
{
    private readonly WritingThread _thread = new();
    private readonly Lock _gate = new();
    private WriterConnection? _connection;
    private object? _use;

    /// <summary>
    /// Does something in the database. After a failure whose outcome is unknown the connection is thrown away; it stays
    /// where the failure is that another transaction won.
    /// </summary>
    /// <exception cref="TimeoutException">It, or a call of it, took longer than it may.</exception>
    public async Task RunAsync(Func<WriterConnection, Task> work, CancellationToken cancellationToken)
    {
        object use = _use = new();
        try
        {
            await turn.RunAsync(
                _thread,
                async () => await work(await ConnectAsync(use, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (dialect.Classify(e) != FailureKind.Repeat || _connection is { IsBroken: true })
                await ForgetConnectionAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ForgetConnectionAsync().ConfigureAwait(false);
        _thread.Dispose();
    }

    private async Task<WriterConnection> ConnectAsync(object use, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_connection is not null && _use == use)
                return _connection;
        }

        WriterConnection opened = await WriterConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_use == use)
                return _connection = opened;
        }

        // It took too long, and whoever wanted it has given up.
        await opened.DisposeAsync().ConfigureAwait(false);
        throw new TimeoutException("The database was connected too late.");
    }

    private async ValueTask ForgetConnectionAsync()
    {
        WriterConnection? connection;
        lock (_gate)
        {
            connection = _connection;
            _connection = null;
            _use = null;
        }

        if (connection is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }
}
