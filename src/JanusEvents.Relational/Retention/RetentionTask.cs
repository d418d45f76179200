using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Retention;

/// <summary>
/// Removes the rows that are older than they are to be kept, on a connection of its own, as long as the host runs. Of
/// several hosts on one database one does at a time. A failure is logged and tried again.
/// </summary>
internal sealed class RetentionTask(
    DbDataSource dataSource,
    SqlDialect dialect,
    RetentionOptions options,
    WriteLock writeLock,
    TimeProvider time,
    ILogger<RetentionTask> logger) : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_noteInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_partitionInterval = TimeSpan.FromMinutes(10);

    // The times of rows without a record of their arrival may be local ones.
    private static readonly TimeSpan s_localTimes = TimeSpan.FromDays(1);

    private readonly Claim _claim = new("retention");
    private readonly Arrivals _arrivals = new(dialect);
    private readonly DayPartitions? _partitions = dialect.Partitions is null ? null : new DayPartitions(dialect, options, logger);
    private readonly Dictionary<TableDefinition, OldRows> _oldRows = KeptTables.Numbered.ToDictionary(t => t, t => new OldRows(dialect, t));
    private readonly Dictionary<TableDefinition, long> _gone = [];
    private Dictionary<string, Oldness?> _partitioned = [];
    private IReadOnlyDictionary<EventTable, TableLayout> _layouts = new Dictionary<EventTable, TableLayout>();
    private HashSet<string> _present = [];
    private DateTimeOffset _nextNotes;
    private DateTimeOffset _nextPartitions;
    private bool _warned;
    private long _rounds;

    /// <summary>How often it was looked for old rows without a failure.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>The tables that are there and may lose rows.</summary>
    private IEnumerable<TableDefinition> Kept => KeptTables.All.Where(t => t is EventTable || _present.Contains(t.Name));

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (ExecuteTask is { } running)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RemoveAsync(stoppingToken).ConfigureAwait(false);
                Interlocked.Increment(ref _rounds);
            }
#pragma warning disable CA1031 // Whatever it is, it is tried again, on a new connection.
            catch (Exception e)
#pragma warning restore CA1031
            {
                RetentionLog.Failed(logger, Outage.CauseOf(e));
                RetentionLog.FailedWith(logger, e);
                _nextNotes = _nextPartitions = default;
            }

            await Task.Delay(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Removes what is old until there is nothing more of it.</summary>
    private async Task RemoveAsync(CancellationToken stopping)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using (await writeLock.EnterBesideAsync().ConfigureAwait(false))
                await LookAtTablesAsync(connection).ConfigureAwait(false);

            // Facts that were rebuilt have the numbers of old events.
            _oldRows[FactTable.Definition].BeginAgain();
            List<TableDefinition> left = [.. Kept];
            while (left.Count > 0 && !stopping.IsCancellationRequested)
            {
                if (!await _claim.TryTakeAsync(connection).ConfigureAwait(false))
                {
                    // Look again at what the other one did meanwhile.
                    RetentionLog.NotOurTurn(logger);
                    _nextNotes = _nextPartitions = default;
                    return;
                }

                left = await RemoveSomeAsync(connection, left, stopping).ConfigureAwait(false);
            }

            await _claim.ReleaseAsync(connection).ConfigureAwait(false);
        }
    }

    private async Task LookAtTablesAsync(StoreConnection connection)
    {
        // Also those of before that lack the table of arrivals.
        await SchemaCreator.CreateMissingAsync(connection, CancellationToken.None, options, time).ConfigureAwait(false);
        ILookup<string, ExistingColumn> existing = await SchemaReader.LoadAsync(connection, CancellationToken.None).ConfigureAwait(false);
        _layouts = SchemaReader.Layouts(existing);
        _present = new HashSet<string>(existing.Select(t => t.Key), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Removes some old rows of each table that may have any.</summary>
    /// <returns>The tables that may have more.</returns>
    private async Task<List<TableDefinition>> RemoveSomeAsync(
        StoreConnection connection,
        List<TableDefinition> tables,
        CancellationToken stopping)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_partitions is not null && now >= _nextPartitions)
        {
            await UpdatePartitionsAsync(connection, now.UtcDateTime).ConfigureAwait(false);
            _nextPartitions = now + s_partitionInterval;
        }

        if (now >= _nextNotes)
        {
            foreach (TableDefinition table in Kept.Where(t => _oldRows.ContainsKey(t) && !_partitioned.ContainsKey(t.Name)))
            {
                using (await writeLock.EnterBesideAsync().ConfigureAwait(false))
                    await _arrivals.NoteAsync(connection, table, now.UtcDateTime).ConfigureAwait(false);
            }

            _nextNotes = now + s_noteInterval;
        }

        List<TableDefinition> left = [];
        foreach (TableDefinition table in tables.TakeWhile(_ => !stopping.IsCancellationRequested))
        {
            if (options.DaysOf(table.Name) is { } days
                && await RemoveSomeOfAsync(connection, table, now.UtcDateTime.AddDays(-days)).ConfigureAwait(false))
            {
                left.Add(table);
            }
        }

        return left;
    }

    private async Task UpdatePartitionsAsync(StoreConnection connection, DateTime now)
    {
        await connection.ExecuteAsync(dialect.Partitions!.WaitShortly).ConfigureAwait(false);
        _partitioned = await _partitions!.UpdateAsync(connection, now).ConfigureAwait(false);
        List<string> plain = [.. EventTables.All.Select(t => t.Name).Where(name => !_partitioned.ContainsKey(name))];
        if (options.PartitionByDay && plain.Count > 0 && !_warned)
        {
            _warned = true;
            RetentionLog.NotPartitioned(logger, string.Join(", ", plain));
        }
    }

    private async Task<bool> RemoveSomeOfAsync(StoreConnection connection, TableDefinition table, DateTime before)
    {
        using WriteLock.Held held = await writeLock.EnterBesideAsync().ConfigureAwait(false);
        if (!_oldRows.TryGetValue(table, out OldRows? oldRows))
            return await RemoveByTimeAsync(connection, table, before).ConfigureAwait(false);
        if (await WhatIsOldAsync(connection, table, before).ConfigureAwait(false) is not { } old)
            return false;

        bool hasPart = table is EventTable e && _layouts[e].Definition.Columns.Any(c => c.Name == "part");
        (int deleted, bool more) = await oldRows.DeleteSomeAsync(connection, old, hasPart).ConfigureAwait(false);
        if (deleted > 0)
            RetentionLog.RowsRemoved(logger, deleted, table.Name);
        if (more || old.TimeColumn is not null)
            return more;

        await _arrivals.DeleteBeforeAsync(connection, table, old.UpTo).ConfigureAwait(false);
        _gone[table] = old.UpTo;
        return false;
    }

    /// <summary>Removes some rows of a table that are old by what they say themselves.</summary>
    /// <returns>Whether there may be more.</returns>
    private async Task<bool> RemoveByTimeAsync(StoreConnection connection, TableDefinition table, DateTime before)
    {
        int deleted = await connection.ExecuteAsync(
            dialect.DeleteOldest(table, RecordTables.TimeOf(table), OldRows.MostAtOnce), ("@before", ColumnKind.Time, before)).ConfigureAwait(false);
        if (deleted > 0)
            RetentionLog.RowsRemoved(logger, deleted, table.Name);
        return deleted == OldRows.MostAtOnce;
    }

    /// <summary>Which rows of a table are old; null when none can be.</summary>
    private async Task<Oldness?> WhatIsOldAsync(StoreConnection connection, TableDefinition table, DateTime before)
    {
        if (_partitioned.TryGetValue(table.Name, out Oldness? old))
            return old;

        string rows = dialect.Table(table);
        if (await _arrivals.ReadLastBeforeAsync(connection, table, before).ConfigureAwait(false) is { } last)
            return last == _gone.GetValueOrDefault(table, -1) ? null : new Oldness(rows, last, null, default);

        // There is no record of those that were there before; as long as the first record is young, their own times count.
        TableColumn? timestamp = table.Columns.FirstOrDefault(c => c.Name == "timestamp");
        return timestamp is not null && await _arrivals.ReadFirstAsync(connection, table).ConfigureAwait(false) is > 0 and { } first
            ? new Oldness(rows, first, timestamp, before - s_localTimes)
            : null;
    }
}
