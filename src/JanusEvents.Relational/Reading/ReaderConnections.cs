using System.Data;
using System.Data.Common;
using System.Transactions;

namespace JanusEvents.Relational.Reading;

/// <summary>
/// The connections of readers, each of which has one for itself. To a server, one that is not used stays open for some
/// seconds, since opening takes longer than most questions.
/// </summary>
internal sealed class ReaderConnections : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);

    private readonly DbDataSource _dataSource;
    private readonly SqlDialect _dialect;
    private readonly ITimer _closing;
    private DbConnection? _idle;
    private volatile bool _disposed;

    public ReaderConnections(DbDataSource dataSource, SqlDialect dialect, TimeProvider time)
    {
        _dataSource = dataSource;
        _dialect = dialect;
        _closing = time.CreateTimer(_ => _ = CloseIdleAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes the connection that is open and unused; null when there is none.</summary>
    public DbConnection? TakeIdle() => Interlocked.Exchange(ref _idle, null);

    /// <summary>Opens a new one.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = _dataSource.CreateConnection();
        try
        {
            await TimeLimits.ReadInTimeAsync(async () =>
            {
                await connection.OpenInTimeAsync(cancellationToken).ConfigureAwait(false);
                await _dialect.PrepareReadingAsync(connection, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await CloseAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives a connection back on which nothing has failed.</summary>
    public async ValueTask GiveBackAsync(DbConnection connection)
    {
        if (!MayKeep(connection) || Interlocked.CompareExchange(ref _idle, connection, null) is not null)
        {
            await CloseAsync(connection).ConfigureAwait(false);
            return;
        }

        _closing.Change(s_kept, Timeout.InfiniteTimeSpan);
        if (_disposed)
            await CloseIdleAsync().ConfigureAwait(false);
    }

    /// <summary>Closes a connection; waits only shortly for a server that does not answer.</summary>
    public static ValueTask CloseAsync(DbConnection connection) => TimeLimits.CloseInTimeAsync(connection.DisposeAsync);

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await _closing.DisposeAsync().ConfigureAwait(false);
        await CloseIdleAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _disposed = true;
        _closing.Dispose();
        _ = CloseIdleAsync();
    }

    // The drivers make a connection part of the caller's transaction.
    private bool MayKeep(DbConnection connection) =>
        _dialect.IsServer && !_disposed && connection.State == ConnectionState.Open && Transaction.Current is null;

    private async Task CloseIdleAsync()
    {
        if (TakeIdle() is { } idle)
            await CloseAsync(idle).ConfigureAwait(false);
    }
}
