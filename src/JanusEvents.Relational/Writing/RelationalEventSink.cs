using System.Collections.Concurrent;
using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes each batch into the tables in one transaction, and two batches at the same time into those of a server, over
/// connections that stay open. After a failure whose outcome is unknown a batch is left to be repeated whole: the hashes tell
/// what of it was stored.
/// </summary>
internal sealed class RelationalEventSink : IResumingSink, IAsyncDisposable
{
    /// <summary>How long hashes are kept where there is no spool.</summary>
    public static readonly TimeSpan DefaultHashWindow = TimeSpan.FromHours(2);

    // How often a transaction that lost against another one is repeated at once before the caller is told.
    private const int MaxRepeats = 5;

    // How many connections write to a server; a file takes one writer.
    private const int Lanes = 2;

    // How often the columns of tables that were not upgraded are looked at.
    private static readonly TimeSpan s_layoutsAge = TimeSpan.FromSeconds(10);

    private readonly DbDataSource _dataSource;
    private readonly bool _ownsDataSource;
    private readonly SqlDialect _dialect;
    private readonly EventStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Purge _purge;
    private readonly RowNumbers _numbers;
    private readonly UpgradeAtStart? _upgrade;
    private readonly Completion _completion;
    private readonly WriterLane[] _lanes;
    private readonly ConcurrentStack<WriterLane> _free;
    private readonly SemaphoreSlim _anyFree;

    // Who gets numbers and makes tables; and who tidies up.
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly SemaphoreSlim _tidying = new(1, 1);
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<EventTable, TableLayout> _layouts = new Dictionary<EventTable, TableLayout>();
    private bool _tablesMade;
    private bool _complete;
    private bool _warned;
    private long? _layoutsRead;
    private long _rejectedBytes = -1;

    public RelationalEventSink(
        DbDataSource dataSource,
        bool ownsDataSource,
        SqlDialect dialect,
        EventStoreOptions options,
        WriteTurn turn,
        TimeProvider time,
        ILogger<RelationalEventSink> logger)
    {
        _dataSource = dataSource;
        _ownsDataSource = ownsDataSource;
        _dialect = dialect;
        _options = options;
        _time = time;
        _logger = logger;
        _purge = new Purge(dialect, time, options.HashWindow ?? DefaultHashWindow, options.RejectedAge);
        _numbers = new RowNumbers(dialect, time);
        _upgrade = options.UpgradeSchema ? new UpgradeAtStart(dataSource, dialect, options.Retention, time, logger) : null;
        _completion = new Completion(dialect, time, logger);
        _lanes = [.. Enumerable.Range(0, dialect.IsServer ? Lanes : 1).Select(_ => new WriterLane(dataSource, dialect, turn))];
        _free = new ConcurrentStack<WriterLane>(_lanes);
        _anyFree = new SemaphoreSlim(_lanes.Length, _lanes.Length);
    }

    public int WritesAtOnce => _lanes.Length;

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (_upgrade is not null)
            await _upgrade.WaitAsync().ConfigureAwait(false);
        await InLaneAsync(async lane =>
        {
            await RepeatAsync(lane, async () =>
            {
                long first = await TakeNumbersAsync(lane, batch.Count, cancellationToken).ConfigureAwait(false);
                await RunAsync(lane, connection => WriteAsync(connection, batch, first, cancellationToken), cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            await TidyAsync(lane).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public async ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken)
    {
        long position = 0;
        await InLaneAsync(lane => RepeatAsync(lane, () => RunAsync(
            lane,
            async connection =>
            {
                DbCommand command = connection.Statement(
                    $"SELECT {_dialect.Quote("done")} FROM {_dialect.Quote(BookkeepingTables.Spools.Name)} WHERE {_dialect.Quote("spool")} = @spool",
                    ("@spool", ColumnKind.Guid, spool.ToByteArray()));
                position = await command.ExecuteScalarInTimeAsync().ConfigureAwait(false) as long? ?? 0;
            },
            cancellationToken))).ConfigureAwait(false);
        return position;
    }

    public async ValueTask DisposeAsync()
    {
        if (_upgrade is not null)
            await _upgrade.DisposeAsync().ConfigureAwait(false);
        foreach (WriterLane lane in _lanes)
            await lane.DisposeAsync().ConfigureAwait(false);
        if (_ownsDataSource)
            await _dataSource.DisposeAsync().ConfigureAwait(false);
        _anyFree.Dispose();
        _preparing.Dispose();
        _tidying.Dispose();
    }

    private bool IsReady =>
        _tablesMade && _rejectedBytes >= 0 && _layoutsRead is { } read && (_complete || _time.GetElapsedTime(read) < s_layoutsAge);

    /// <summary>Does something with a connection that nobody else uses; with the one that was used last, if it is free.</summary>
    private async Task InLaneAsync(Func<WriterLane, Task> work)
    {
        await _anyFree.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _free.TryPop(out WriterLane? lane);
        try
        {
            await work(lane!).ConfigureAwait(false);
        }
        finally
        {
            _free.Push(lane!);
            _anyFree.Release();
        }
    }

    /// <summary>Takes numbers for rows: in the order in which batches came.</summary>
    private async Task<long> TakeNumbersAsync(WriterLane lane, int count, CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (IsReady && _numbers.TryTake(count, out long first))
                return first;

            first = 0;
            await RunAsync(lane, async c => first = await _numbers.TakeAsync(c, count).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            return first;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Gives up the numbers that somebody else took, and goes beyond them.</summary>
    private async Task RaiseNumbersAsync(WriterLane lane)
    {
        await _preparing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await lane.RunAsync(
                connection => CounterRow.RaiseAsync(connection.Connection, _dialect, CancellationToken.None),
                CancellationToken.None).ConfigureAwait(false);
            _numbers.Forget();
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Does something, and once more when somebody else took the numbers of its rows.</summary>
    private async Task RepeatAsync(WriterLane lane, Func<Task> work)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                FailureKind kind = _dialect.Classify(e);
                _layoutsRead = null;
                _tablesMade &= kind != FailureKind.MissingTable;
                if (kind != FailureKind.NumberTaken || attempt > MaxRepeats)
                    throw;

                await RaiseNumbersAsync(lane).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does something in the database, and again at once when it lost against another transaction.</summary>
    private async Task RunAsync(WriterLane lane, Func<WriterConnection, Task> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await lane.RunAsync(
                    async connection =>
                    {
                        if (!IsReady)
                            await GetReadyAsync(connection, cancellationToken).ConfigureAwait(false);
                        connection.Layouts = _layouts;
                        await work(connection).ConfigureAwait(false);
                    },
                    cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (_dialect.Classify(e) == FailureKind.Repeat && attempt <= MaxRepeats)
            {
                // Perhaps because a table was changed.
                _layoutsRead = null;
                StoreLog.Repeated(_logger, attempt);
            }
        }
    }

    private async Task WriteAsync(WriterConnection connection, EventBatch batch, long firstNumber, CancellationToken cancellationToken)
    {
        // A table that was not upgraded refuses much.
        StatementScript? script = _complete ? connection.Script : null;
        try
        {
            await WriteAsync(connection, batch, firstNumber, script, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e) when (script is not null
            && !connection.IsBroken
            && _dialect.Classify(e) is FailureKind.Data or FailureKind.NumberTaken)
        {
            await WriteAsync(connection, batch, firstNumber, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(
        WriterConnection connection,
        EventBatch batch,
        long firstNumber,
        StatementScript? script,
        CancellationToken cancellationToken)
    {
        long room = _options.MaxRejectedBytes - Interlocked.Read(ref _rejectedBytes);
        BatchTransaction transaction = new(connection, _dialect, _time.GetUtcNow(), firstNumber, room, script, _logger);
        await transaction.RunAsync(batch, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            // Where they are counted anew, these are among them.
            if (_rejectedBytes >= 0)
                _rejectedBytes += transaction.RejectedBytes;
        }
    }

    /// <summary>Makes the tables, and reads what is there: the columns again from time to time as long as an upgrade may still come.</summary>
    private async Task GetReadyAsync(WriterConnection connection, CancellationToken cancellationToken)
    {
        if (!_tablesMade)
        {
            IReadOnlyList<string> made = await SchemaCreator
                .CreateMissingAsync(connection.Connection, _dialect, cancellationToken, _options.Retention, _time)
                .ConfigureAwait(false);
            if (made.Count > 0)
                StoreLog.TablesMade(_logger, string.Join(", ", made));
            await ViewCreator.CreateMissingAsync(connection.Connection, _dialect, _logger, cancellationToken).ConfigureAwait(false);
            _tablesMade = true;
        }

        if (_rejectedBytes < 0)
        {
            long counted = await CountRejectedAsync(connection).ConfigureAwait(false);
            lock (_gate)
                _rejectedBytes = counted;
        }

        _layouts = SchemaReader.Layouts(
            await SchemaReader.LoadAsync(connection.Connection, _dialect, cancellationToken).ConfigureAwait(false));
        _layoutsRead = _time.GetTimestamp();
        _complete = _layouts.Values.All(l => l.IsComplete);
        if (!_complete && !_warned)
        {
            _warned = true;
            StoreLog.NotUpgraded(_logger, string.Join(", ", _layouts.Values.Where(l => !l.IsComplete).Select(l => l.Table.Name)));
        }
    }

    private async Task<long> CountRejectedAsync(WriterConnection connection)
    {
        DbCommand command = connection.Statement(
            $"SELECT CAST(COALESCE(SUM({_dialect.Quote("size")}), 0) AS CHAR) FROM {_dialect.Quote(BookkeepingTables.Rejected.Name)} "
                + $"WHERE {_dialect.Quote("bytes")} IS NOT NULL");
        object? sum = await command.ExecuteScalarInTimeAsync().ConfigureAwait(false);
        return Convert.ToInt64(sum, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Removes what is too old, and completes rows, when it is time for a step. What it fails at is no failure of the batch,
    /// which is stored.
    /// </summary>
    private async Task TidyAsync(WriterLane lane)
    {
        // Whoever does it already does it for all.
        if (!await _tidying.WaitAsync(0).ConfigureAwait(false))
            return;

        try
        {
            if (!_purge.IsDue && !_completion.IsDue)
                return;

            await lane.RunAsync(
                async connection =>
                {
                    connection.Layouts = _layouts;
                    if (await _purge.StepAsync(connection).ConfigureAwait(false))
                    {
                        lock (_gate)
                            _rejectedBytes = -1;
                    }

                    await _completion.StepAsync(connection).ConfigureAwait(false);
                },
                CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it will be tried again, on a new connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            StoreLog.PurgeFailed(_logger, e);
        }
        finally
        {
            _tidying.Release();
        }
    }
}
