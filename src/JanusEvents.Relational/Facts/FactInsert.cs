using System.Data.Common;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Facts;

/// <summary>Adds facts, in the transaction of their events.</summary>
/// <param name="connection">The connection.</param>
/// <param name="logger">Where facts that are refused are noted.</param>
/// <param name="script">Takes few facts, to be sent with other statements; null when each statement is sent by itself.</param>
internal sealed class FactInsert(StoreConnection connection, ILogger logger, StatementScript? script = null)
{
    /// <summary>Adds rows of <see cref="FactTable"/>.</summary>
    public async Task InsertAsync(IReadOnlyList<object?[]> facts, CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
            return;

        bool isAdded = script is not null && await script
            .TryAddAsync(
                connection.InsertInto(FactTable.Definition),
                facts.Count,
                facts.Sum(BytesOf),
                (row, column) => facts[row][column],
                cancellationToken)
            .ConfigureAwait(false);
        if (!isAdded)
            await InsertAsync(facts, 0, facts.Count, cancellationToken).ConfigureAwait(false);
    }

    private async Task InsertAsync(IReadOnlyList<object?[]> facts, int first, int count, CancellationToken cancellationToken)
    {
        TableInsert insert = connection.InsertInto(FactTable.Definition);
        int end = first + count;
        while (first < end)
        {
            int start = first;
            int next = insert.NextCount(end - start, i => BytesOf(facts[start + i]));
            try
            {
                await insert.ExecuteAsync(next, (row, column) => facts[start + row][column], cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (DbException e) when (script is null && connection.Dialect.Classify(e) == FailureKind.Data)
            {
                // The event itself is stored.
                if (next == 1)
                {
                    StoreLog.FactRefused(logger, (string)facts[start][3]!);
                }
                else
                {
                    int half = next / 2;
                    await InsertAsync(facts, start, half, cancellationToken).ConfigureAwait(false);
                    await InsertAsync(facts, start + half, next - half, cancellationToken).ConfigureAwait(false);
                }
            }

            first += next;
        }
    }

    private static long BytesOf(object?[] fact)
    {
        long bytes = 0;
        foreach (object? value in fact)
            bytes += value is string text ? 3L * text.Length : 0;
        return bytes;
    }
}
