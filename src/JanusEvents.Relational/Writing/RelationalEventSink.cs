using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Health;
using JanusEvents.Relational.Tables;
using JanusEvents.Sinks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes each batch into the tables in one transaction, and two batches at the same time into those of a server, over
/// connections that stay open. After a failure whose outcome is unknown a batch is left to be repeated whole: the hashes show
/// what of it was stored.
/// </summary>
internal sealed class RelationalEventSink : IResumingSink, IAsyncDisposable
{
    /// <summary>How long hashes are kept where there is no spool.</summary>
    public static readonly TimeSpan DefaultHashWindow = TimeSpan.FromHours(2);

    // How often a batch that lost against another transaction, or found its numbers taken, is repeated at once, and for how long:
    // one that waits for a lock waits for seconds, and other senders must not wait with it.
    private const int MaxRepeats = 10;
    private static readonly TimeSpan s_repeating = TimeSpan.FromSeconds(2);

    // A number that is still taken when all were left behind three times is not what the database means.
    private const int MaxTakenNumbers = 3;

    private readonly SqlDialect _dialect;
    private readonly WriterConnections _connections;
    private readonly WriteLock _lock;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WritableTables _tables;
    private readonly RowNumbers _numbers;
    private readonly UpgradeAtStart? _upgrade;
    private readonly Tidying _tidying;
    private readonly StoreTroubles _troubles;
    private readonly SuspectRows _suspects = new();
    private readonly MinuteCount _storedAlready;

    // One writer at a time takes numbers and creates tables.
    private readonly SemaphoreSlim _preparing = new(1, 1);

    public RelationalEventSink(
        DbDataSource dataSource,
        bool ownsDataSource,
        SqlDialect dialect,
        EventStoreOptions options,
        WriteLock writeLock,
        StoreTroubles troubles,
        TimeProvider time,
        ILogger<RelationalEventSink> logger)
    {
        _dialect = dialect;
        _connections = new WriterConnections(dataSource, ownsDataSource, dialect);
        _lock = writeLock;
        _time = time;
        _logger = logger;
        _troubles = troubles;
        _storedAlready = new MinuteCount(time);
        _tables = new WritableTables(dialect, options, troubles, time, logger);
        _numbers = new RowNumbers(dialect, time);
        _upgrade = options.UpgradeSchema ? new UpgradeAtStart(dataSource, dialect, options.Retention, time, logger) : null;
        _tidying = new Tidying(dialect, options, _tables, time, logger);
    }

    public int WritesAtOnce => _lock.Writers;

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (_upgrade is not null)
            await _upgrade.WaitAsync().ConfigureAwait(false);
        using WriteLock.Held held = await _lock.EnterAsync().ConfigureAwait(false);
        try
        {
            if (_dialect.IsServer)
                await WriteToEndAsync(batch, cancellationToken).ConfigureAwait(false);
            else
                await Task.Run(() => WriteToEndAsync(batch, cancellationToken), CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException e) when (_dialect.Explain(e) is { Remedy.Length: > 0 } why)
        {
            throw new InvalidOperationException($"{e.Message} {why.Remedy}", e);
        }
    }

    public async ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken)
    {
        using WriteLock.Held held = await _lock.EnterAsync().ConfigureAwait(false);
        StoreConnection? connection = null;
        try
        {
            connection = await _connections.TakeAsync(cancellationToken).ConfigureAwait(false);
            await _tables.PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
            return await connection.NumberAsync(
                $"SELECT {_dialect.Quote("done")} FROM {_dialect.Table(BookkeepingTables.Spools)} WHERE {_dialect.Quote("spool")} = @spool",
                ("@spool", ColumnKind.Guid, spool.ToByteArray())).ConfigureAwait(false) ?? 0;
        }
        catch (Exception e)
        {
            LookAgainAfter(_dialect.Classify(e), connection);
            throw;
        }
        finally
        {
            await _connections.GiveBackAsync(connection).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_upgrade is not null)
            await _upgrade.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
        _preparing.Dispose();
        _tidying.Dispose();
    }

    /// <summary>
    /// Writes a batch, and again at once when it lost against another transaction. Bodies that cannot be stored at present are left
    /// out, so that the others are stored.
    /// </summary>
    private async Task WriteToEndAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        List<ReceivedBody> aside = [];
        SetAsideException? why = null;
        while (batch.Bodies.Count > 0 && await TryWriteToEndAsync(batch, cancellationToken).ConfigureAwait(false) is { } found)
        {
            aside.AddRange(found.Bodies);
            why ??= found;

            // Without the place in the spool, which is not reached.
            batch = new EventBatch([.. batch.Bodies.Except(found.Bodies)]);
        }

        if (why is not null)
            throw new PartlyStoredException(aside, why);
    }

    /// <summary>Writes a batch, if need be several times.</summary>
    /// <returns>Null when it is stored; which bodies are to be set aside when nothing is.</returns>
    private async Task<SetAsideException?> TryWriteToEndAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        long? first = null;
        int takenNumbers = 0;
        for (int attempt = 1; ; attempt++)
        {
            StoreConnection? connection = null;
            try
            {
                // One after the other, so that batches get their numbers in the order in which they came.
                await _preparing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                try
                {
                    connection = await _connections.TakeAsync(cancellationToken).ConfigureAwait(false);
                    await _tables.PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
                    first ??= await _numbers.TakeAsync(connection, batch.Count).ConfigureAwait(false);
                }
                finally
                {
                    _preparing.Release();
                }

                await WriteAsync(connection, batch, first.Value, takenNumbers >= MaxTakenNumbers, cancellationToken).ConfigureAwait(false);
                await _tidying.StepAsync(connection).ConfigureAwait(false);
                return null;
            }
            catch (SetAsideException e)
            {
                LookAgainAfter(FailureKind.Statement, connection);
                await GiveNumbersBackAsync(first!.Value, batch.Count).ConfigureAwait(false);
                return e;
            }
            catch (Exception e)
            {
                FailureKind kind = e is RepeatException ? FailureKind.Repeat : _dialect.Classify(e);
                LookAgainAfter(kind, connection);
                bool isToRepeat = kind is FailureKind.Repeat or FailureKind.NumberTaken
                    && attempt <= MaxRepeats
                    && (_time.GetElapsedTime(began) < s_repeating || (attempt == 1 && HasOneSender(batch)));
                if (!isToRepeat)
                    throw;

                StoreLog.Repeated(_logger, attempt);
                if (kind == FailureKind.NumberTaken)
                {
                    takenNumbers++;
                    _numbers.GoBeyondAll();
                    first = null;
                }
            }
            finally
            {
                await _connections.GiveBackAsync(connection).ConfigureAwait(false);
            }
        }
    }

    private static bool HasOneSender(EventBatch batch) => batch.Bodies.All(body => Sender.Of(body) == Sender.Of(batch.Bodies[0]));

    /// <summary>Gives numbers back that no row has got.</summary>
    private async Task GiveNumbersBackAsync(long first, int count)
    {
        await _preparing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _numbers.GiveBack(first, count);
        _preparing.Release();
    }

    /// <summary>
    /// Writes a batch once: as a script, which assumes that all is new and nothing is refused, and where that fails statement by
    /// statement, which finds out.
    /// </summary>
    private async Task WriteAsync(
        StoreConnection connection,
        EventBatch batch,
        long first,
        bool numbersAreTaken,
        CancellationToken cancellationToken)
    {
        // A table that was not upgraded refuses much.
        if (connection.Script is { } script && _tables.AreComplete)
        {
            try
            {
                await WriteAsync(connection, batch, first, numbersAreTaken, script, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DbException e) when (!connection.IsBroken
                && _dialect.Classify(e) is FailureKind.Data or FailureKind.Statement or FailureKind.NumberTaken)
            {
                // Rolled back whole.
            }
        }

        await WriteAsync(connection, batch, first, numbersAreTaken, script: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(
        StoreConnection connection,
        EventBatch batch,
        long first,
        bool numbersAreTaken,
        StatementScript? script,
        CancellationToken cancellationToken)
    {
        BatchTransaction transaction = new(
            connection, _tables, _time.GetUtcNow(), first, _suspects, numbersAreTaken, script, _logger);
        await transaction.RunAsync(batch, cancellationToken).ConfigureAwait(false);
        if (transaction.StoredAlready > 0 && _storedAlready.Add(transaction.StoredAlready, out long bodies))
            StoreLog.StoredAlready(_logger, bodies);
        _tables.AddRejected(transaction.RejectedBytes);
        _suspects.Stored(transaction.StoredRows.Values.Sum());
        _troubles.Committed(transaction.StoredRows, transaction.Refusals);
    }

    /// <summary>After a failure the tables are looked at again, and after one of the store on another connection.</summary>
    private void LookAgainAfter(FailureKind failure, StoreConnection? connection)
    {
        _tables.LookAgainAfter(failure);

        // Rights, for instance, are those of the time when it was opened.
        if (failure == FailureKind.Store)
            connection?.Discard();
    }
}
