using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>Inserts facts.</summary>
internal static class FactRows
{
    /// <summary>Adds rows, in the transaction of their events. A fact that is refused is logged; its event is stored all the same.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="facts">The rows.</param>
    /// <param name="script">Takes few rows, to be sent with other statements; null when each statement is sent by itself.</param>
    /// <param name="logger">Where facts that are refused are logged.</param>
    /// <param name="cancellationToken">Ends it between two statements.</param>
    public static async Task InsertAsync(
        StoreConnection connection,
        List<object?[]> facts,
        StatementScript? script,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
            return;

        // Whatever the table refuses, the events are stored, and the facts can be rebuilt from them.
        RefusedRows refused = new(
            e => connection.Dialect.Classify(e) is FailureKind.Data or FailureKind.Statement,
            (row, _, _) => StoreLog.FactRefused(logger, (string)facts[row][3]!));
        await connection.InsertInto(FactTable.Definition)
            .InsertAsync(facts.Count, BytesOf, Value, refused, script, cancellationToken).ConfigureAwait(false);

        long BytesOf(int row) => facts[row].Sum(value => value is string text ? 3L * text.Length : 0);

        object? Value(int row, int column) => facts[row][column];
    }
}
