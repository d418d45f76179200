using System.Data.Common;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Facts;

/// <summary>Adds facts, in the transaction of their events.</summary>
internal sealed class FactInsert(WriterConnection connection, DbTransaction transaction, SqlDialect dialect, ILogger logger)
{
    /// <summary>Adds rows of <see cref="FactTable"/>.</summary>
    public Task InsertAsync(IReadOnlyList<object?[]> facts, CancellationToken cancellationToken) =>
        InsertAsync(facts, 0, facts.Count, cancellationToken);

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
                await insert.ExecuteAsync(transaction, next, (row, column) => facts[start + row][column], cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (DbException e) when (dialect.Classify(e) == FailureKind.Data)
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
