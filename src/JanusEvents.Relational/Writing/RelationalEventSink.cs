using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes each batch into the tables: in one transaction, or a large one in several at the same time, over connections that
/// stay open. After a failure whose outcome is unknown the batch is left to be repeated whole: the hashes tell what of it
/// was stored.
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
    }

    /// <summary>Does what is not done on several connections at a time.</summary>
    private WriterLane First => _lanes[0];

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (_upgrade is not null)
            await _upgrade.WaitAsync().ConfigureAwait(false);
        await RepeatAsync(async () =>
        {
            if (!IsReady || !_numbers.TryTake(batch.Count, out long first))
            {
                first = 0;
                await RunAsync(First, async c => first = await _numbers.TakeAsync(c, batch.Count).ConfigureAwait(false), cancellationToken)
                    .ConfigureAwait(false);
            }

            await Task.WhenAll(BatchPart.Of(batch, first, _lanes.Length).Select((part, i) =>
                RunAsync(_lanes[i], connection => WriteAsync(connection, part, cancellationToken), cancellationToken))).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await TidyAsync().ConfigureAwait(false);
    }

    public async ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken)
    {
        long position = 0;
        await RepeatAsync(() => RunAsync(
            First,
            async connection =>
            {
                DbCommand command = connection.Statement(
                    $"SELECT {_dialect.Quote("done")} FROM {_dialect.Quote(BookkeepingTables.Spools.Name)} WHERE {_dialect.Quote("spool")} = @spool",
                    ("@spool", ColumnKind.Guid, spool.ToByteArray()));
                position = await command.ExecuteScalarInTimeAsync().ConfigureAwait(false) as long? ?? 0;
            },
            cancellationToken)).ConfigureAwait(false);
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
    }

    private bool IsReady =>
        _tablesMade && _rejectedBytes >= 0 && _layoutsRead is { } read && (_complete || _time.GetElapsedTime(read) < s_layoutsAge);

    /// <summary>Does something, and once more when somebody else took the numbers of its rows.</summary>
    private async Task RepeatAsync(Func<Task> work)
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

                await First.RunAsync(
                    connection => CounterRow.RaiseAsync(connection.Connection, _dialect, CancellationToken.None),
                    CancellationToken.None).ConfigureAwait(false);
                _numbers.Forget();
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

    private async Task WriteAsync(WriterConnection connection, BatchPart part, CancellationToken cancellationToken)
    {
        // A table that was not upgraded refuses much.
        StatementScript? script = _complete ? connection.Script : null;
        try
        {
            await WriteAsync(connection, part, script, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e) when (script is not null && !connection.IsBroken && _dialect.Classify(e) == FailureKind.Data)
        {
            await WriteAsync(connection, part, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(WriterConnection connection, BatchPart part, StatementScript? script, CancellationToken cancellationToken)
    {
        long room = _options.MaxRejectedBytes - Interlocked.Read(ref _rejectedBytes);
        BatchTransaction transaction = new(connection, _dialect, _time.GetUtcNow(), room, script, _logger);
        await transaction.RunAsync(part, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _rejectedBytes, transaction.RejectedBytes);
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
            _rejectedBytes = await CountRejectedAsync(connection).ConfigureAwait(false);

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
    private async Task TidyAsync()
    {
        if (!_purge.IsDue && !_completion.IsDue)
            return;

        try
        {
            await First.RunAsync(
                async connection =>
                {
                    connection.Layouts = _layouts;
                    if (await _purge.StepAsync(connection).ConfigureAwait(false))
                        _rejectedBytes = -1;
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
    }
}
