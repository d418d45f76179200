using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes each batch into the tables in one transaction, over one connection that stays open. After a failure whose
/// outcome is unknown the connection is thrown away and the batch is left to be repeated whole: the hashes tell what of
/// it was stored.
/// </summary>
internal sealed class RelationalEventSink(
    DbDataSource dataSource,
    bool ownsDataSource,
    SqlDialect dialect,
    EventStoreOptions options,
    WriteTurn turn,
    TimeProvider time,
    ILogger<RelationalEventSink> logger) : IResumingSink, IAsyncDisposable
{
    /// <summary>How long hashes are kept where there is no spool.</summary>
    public static readonly TimeSpan DefaultHashWindow = TimeSpan.FromHours(2);

    // How often a transaction that lost against another one is repeated at once before the caller is told.
    private const int MaxRepeats = 5;

    // How often the columns of tables that were not upgraded are looked at.
    private static readonly TimeSpan s_layoutsAge = TimeSpan.FromSeconds(10);

    private readonly Purge _purge = new(dialect, time, options.HashWindow ?? DefaultHashWindow, options.RejectedAge);
    private readonly RowNumbers _numbers = new(dialect, time);
    private readonly UpgradeAtStart? _upgrade =
        options.UpgradeSchema ? new UpgradeAtStart(dataSource, dialect, options.Retention, time, logger) : null;
    private readonly Completion _completion = new(dialect, time, logger);
    private readonly WritingThread _thread = new();
    private WriterConnection? _connection;
    private IReadOnlyDictionary<EventTable, TableLayout>? _layouts;
    private bool _tablesMade;
    private bool _complete;
    private bool _warned;
    private long? _layoutsRead;
    private long? _rejectedBytes;

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (_upgrade is not null)
            await _upgrade.WaitAsync().ConfigureAwait(false);
        await RepeatAsync(() => WriteOnceAsync(batch, cancellationToken)).ConfigureAwait(false);
        await PurgeAsync().ConfigureAwait(false);
    }

    public async ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken)
    {
        long position = 0;
        await RepeatAsync(async () =>
        {
            WriterConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            DbCommand command = connection.Statement(
                $"SELECT {dialect.Quote("done")} FROM {dialect.Quote(BookkeepingTables.Spools.Name)} WHERE {dialect.Quote("spool")} = @spool",
                null,
                ("@spool", ColumnKind.Guid, spool.ToByteArray()));
            position = await command.ExecuteScalarInTimeAsync().ConfigureAwait(false) as long? ?? 0;
        }).ConfigureAwait(false);
        return position;
    }

    public async ValueTask DisposeAsync()
    {
        if (_upgrade is not null)
            await _upgrade.DisposeAsync().ConfigureAwait(false);
        await ForgetConnectionAsync().ConfigureAwait(false);
        _thread.Dispose();
        if (ownsDataSource)
            await dataSource.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Does something in the database, again at once when it lost against another transaction, and throws the connection
    /// away when it failed otherwise.
    /// </summary>
    private async Task RepeatAsync(Func<Task> work)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await turn.RunAsync(_thread, work).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                FailureKind kind = dialect.Classify(e);

                // Perhaps because a table was changed.
                _layoutsRead = null;
                if (kind == FailureKind.Repeat && attempt <= MaxRepeats)
                {
                    StoreLog.Repeated(logger, attempt);
                    continue;
                }

                await ForgetConnectionAsync().ConfigureAwait(false);
                _tablesMade &= kind != FailureKind.MissingTable;
                if (kind != FailureKind.NumberTaken || attempt > MaxRepeats)
                    throw;

                WriterConnection connection = await ConnectAsync(CancellationToken.None).ConfigureAwait(false);
                await CounterRow.RaiseAsync(connection.Connection, dialect, CancellationToken.None).ConfigureAwait(false);
                _numbers.Forget();
            }
        }
    }

    private async Task WriteOnceAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        WriterConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        _rejectedBytes ??= await CountRejectedAsync(connection).ConfigureAwait(false);
        long number = await _numbers.TakeAsync(connection, batch.Count).ConfigureAwait(false);
        DbTransaction transaction = await connection.Connection
            .BeginTransactionInTimeAsync(dialect.IsolationLevel).ConfigureAwait(false);
        try
        {
            long room = options.MaxRejectedBytes - _rejectedBytes.Value;
            BatchTransaction writer = new(connection, transaction, dialect, time.GetUtcNow(), number, room, logger);
            await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            await transaction.CommitInTimeAsync().ConfigureAwait(false);
            _rejectedBytes += writer.RejectedBytes;
        }
        catch (Exception e) when (dialect.Classify(e) == FailureKind.Repeat)
        {
            // The connection goes on, but never with what is left of this transaction: the next BEGIN would commit it.
            if (!await TryRollBackAsync(transaction).ConfigureAwait(false))
                await ForgetConnectionAsync().ConfigureAwait(false);
            throw;
        }

        transaction.Dispose();
    }

    private async Task<WriterConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        WriterConnection connection = _connection ??=
            await WriterConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        if (!_tablesMade)
        {
            IReadOnlyList<string> made = await SchemaCreator
                .CreateMissingAsync(connection.Connection, dialect, cancellationToken, options.Retention, time)
                .ConfigureAwait(false);
            if (made.Count > 0)
                StoreLog.TablesMade(logger, string.Join(", ", made));
            await ViewCreator.CreateMissingAsync(connection.Connection, dialect, logger, cancellationToken).ConfigureAwait(false);
            _tablesMade = true;
            _layoutsRead = null;
        }

        await ReadLayoutsAsync(connection, cancellationToken).ConfigureAwait(false);
        return connection;
    }

    /// <summary>Reads the columns of the tables, and again from time to time as long as an upgrade may still come.</summary>
    private async Task ReadLayoutsAsync(WriterConnection connection, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        if (_layoutsRead is { } read && (_complete || time.GetElapsedTime(read, now) < s_layoutsAge))
        {
            if (_layouts is not null)
                connection.Layouts = _layouts;
            return;
        }

        _layouts = SchemaReader.Layouts(
            await SchemaReader.LoadAsync(connection.Connection, dialect, cancellationToken).ConfigureAwait(false));
        connection.Layouts = _layouts;
        _layoutsRead = now;
        _complete = _layouts.Values.All(l => l.IsComplete);
        if (!_complete && !_warned)
        {
            _warned = true;
            StoreLog.NotUpgraded(logger, string.Join(", ", _layouts.Values.Where(l => !l.IsComplete).Select(l => l.Table.Name)));
        }
    }

    private async Task<long> CountRejectedAsync(WriterConnection connection)
    {
        DbCommand command = connection.Statement(
            $"SELECT CAST(COALESCE(SUM({dialect.Quote("size")}), 0) AS CHAR) FROM {dialect.Quote(BookkeepingTables.Rejected.Name)} "
                + $"WHERE {dialect.Quote("bytes")} IS NOT NULL",
            null);
        object? sum = await command.ExecuteScalarInTimeAsync().ConfigureAwait(false);
        return Convert.ToInt64(sum, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Removes what is too old. What it fails at is no failure of the batch, which is stored.</summary>
    private async Task PurgeAsync()
    {
        if (_connection is not { } connection)
            return;

        try
        {
            await turn.RunAsync(_thread, async () =>
            {
                if (await _purge.StepAsync(connection).ConfigureAwait(false))
                    _rejectedBytes = null;
                await _completion.StepAsync(connection).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it will be tried again, on a new connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            StoreLog.PurgeFailed(logger, e);
            await ForgetConnectionAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> TryRollBackAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.RollbackInTimeAsync().ConfigureAwait(false);
            transaction.Dispose();
            return true;
        }
#pragma warning disable CA1031 // The failure that led here is the one to report.
        catch (Exception e)
#pragma warning restore CA1031
        {
            StoreLog.RollbackFailed(logger, e);
            return false;
        }
    }

    private async ValueTask ForgetConnectionAsync()
    {
        WriterConnection? connection = _connection;
        _connection = null;
        if (connection is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }
}
