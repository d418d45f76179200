using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>Moves all that lies in <c>extras</c> into the columns of the tables that have them now, over a connection of its own.</summary>
internal sealed class ExtrasCompletion(DbDataSource dataSource, SqlDialect dialect, TimeProvider time, Action<SchemaUpgradeProgress> report)
{
    // How often a step that lost against somebody else is tried.
    private const int MaxTries = 30;

    /// <summary>Moves everything.</summary>
    /// <returns>How many rows were completed.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        long moved = 0;
        long reported = time.GetTimestamp();
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            IReadOnlyDictionary<EventTable, TableLayout> layouts = SchemaReader.Layouts(
                await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false));
            foreach (TableLayout layout in layouts.Values.Where(l => l.IsComplete))
            {
                ExtrasMove move = new(dialect, layout);
                while (await MoveStepAsync(connection, move, cancellationToken).ConfigureAwait(false) is > 0 and int rows)
                {
                    moved += rows;
                    if (time.GetElapsedTime(reported) < TimeSpan.FromSeconds(10))
                        continue;

                    reported = time.GetTimestamp();
                    report(new SchemaUpgradeProgress(string.Create(CultureInfo.InvariantCulture, $"{layout.Table.Name}: {moved:N0} rows completed from the table extras so far.")));
                }
            }
        }

        if (moved > 0)
            report(new SchemaUpgradeProgress(string.Create(CultureInfo.InvariantCulture, $"{moved:N0} rows completed from the table extras.")));
        return moved;
    }

    private async Task<int> MoveStepAsync(StoreConnection connection, ExtrasMove move, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await move.StepAsync(connection).ConfigureAwait(false);
            }
            catch (DbException e) when (dialect.Classify(e) == FailureKind.Repeat && attempt < MaxTries)
            {
                // Somebody else writes there; its rows are few, and the next try is a new transaction.
            }
        }
    }
}
