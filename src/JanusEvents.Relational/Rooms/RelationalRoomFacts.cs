using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Rooms;

/// <summary>Makes the facts of the stored events again.</summary>
internal sealed class RelationalRoomFacts(DbDataSource dataSource, SqlDialect dialect, ILogger<RelationalRoomFacts> logger) : IRoomFacts
{
    // A transaction holds its locks for some hundredths of a second.
    private const int EventsAtOnce = 500;
    private const int NumbersPerDelete = 100;
    private const int MaxTries = 50;
    private const int EventsPerReport = 10_000;

    public Task<FactRebuildResult> RebuildAsync(IProgress<FactRebuildResult>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => RunAsync(progress, cancellationToken), cancellationToken);

    private async Task<FactRebuildResult> RunAsync(IProgress<FactRebuildResult>? progress, CancellationToken cancellationToken)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await SchemaCreator.CreateMissingAsync(connection, cancellationToken).ConfigureAwait(false);
            await new ViewCreator(dialect, TimeProvider.System, why => StoreLog.ViewsNotMade(logger, why))
                .CreateMissingAsync(connection).ConfigureAwait(false);

            FactRebuildResult done = new(0, 0);
            long reported = 0;
            List<(string Table, long Number)> events = [];
            List<object?[]> facts = [];
            DamagedRowCount damaged = new(logger);
            RelationalEventStore store = new(dataSource, dialect, logger);
            await foreach ((long number, JanusEvent e) in store
                .ReadNumberedAsync(new EventQuery { Kinds = [.. FactTable.Kinds], DamagedRows = damaged }, cancellationToken).ConfigureAwait(false))
            {
                events.Add((EventTables.For(e).Name, number));
                facts.AddRange(FactTable.RowsOf(e, number));
                if (events.Count == EventsAtOnce)
                    await WriteAsync().ConfigureAwait(false);
            }

            await WriteAsync().ConfigureAwait(false);
            progress?.Report(done);
            return done;

            async Task WriteAsync()
            {
                await ReplaceAsync(connection, events, facts, cancellationToken).ConfigureAwait(false);
                done = new FactRebuildResult(done.Events + events.Count, done.Facts + facts.Count) { DamagedRows = damaged.Rows };
                events.Clear();
                facts.Clear();
                if (done.Events - reported >= EventsPerReport)
                {
                    reported = done.Events;
                    progress?.Report(done);
                }
            }
        }
    }

    /// <summary>Puts facts in the place of those that the events have.</summary>
    private async Task ReplaceAsync(
        StoreConnection connection,
        List<(string Table, long Number)> events,
        List<object?[]> facts,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    foreach (IGrouping<string, long> ofTable in events.GroupBy(e => e.Table, e => e.Number))
                    {
                        foreach (long[] numbers in ofTable.Order().Chunk(NumbersPerDelete))
                            await DeleteAsync(connection, ofTable.Key, numbers).ConfigureAwait(false);
                    }

                    await FactRows.InsertAsync(connection, facts, script: null, logger, CancellationToken.None).ConfigureAwait(false);
                    await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                }

                return;
            }
            catch (DbException e) when (attempt < MaxTries && !connection.IsBroken
                && dialect.Classify(e) is FailureKind.Repeat or FailureKind.NumberTaken)
            {
                // A host writes, or another one makes the same facts.
            }
        }
    }

    private async Task DeleteAsync(StoreConnection connection, string table, long[] numbers)
    {
        // Always as many, so that it is one statement.
        string[] names = [.. Enumerable.Range(0, NumbersPerDelete).Select(i => string.Create(CultureInfo.InvariantCulture, $"@n{i}"))];
        await connection.ExecuteAsync(
            $"DELETE FROM {dialect.Table(FactTable.Definition)} WHERE {dialect.Quote("tablename")} = @table "
                + $"AND {dialect.Quote("arrival")} IN ({string.Join(", ", names)})",
            [
                ("@table", ColumnKind.Key, table),
                .. names.Select((name, i) => (name, ColumnKind.Integer, (object)numbers[Math.Min(i, numbers.Length - 1)])),
            ]).ConfigureAwait(false);
    }

    /// <summary>Counts the rows of which facts may be missing, and logs each.</summary>
    private sealed class DamagedRowCount(ILogger logger) : IProgress<DamagedRow>
    {
        public long Rows { get; private set; }

        public void Report(DamagedRow value)
        {
            Rows++;
            StoreLog.RowDamaged(logger, value.Number, value.Table, value.Reason);
        }
    }
}
