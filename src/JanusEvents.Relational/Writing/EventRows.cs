using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>Inserts the rows of events into their tables, with what these have no column for, and their facts.</summary>
/// <param name="connection">The connection, in a transaction.</param>
/// <param name="tables">The tables.</param>
/// <param name="now">The host's time.</param>
/// <param name="script">Takes statements that are sent together; null where each is sent by itself.</param>
/// <param name="numbersAreTaken">Whether a number that is taken is a refusal, since taking others did not help.</param>
/// <param name="refuse">Takes a row that its table refuses, with the reason, and whether it was tried alone.</param>
internal sealed class EventRows(
    StoreConnection connection,
    WritableTables tables,
    DateTimeOffset now,
    StatementScript? script,
    bool numbersAreTaken,
    Action<Row, DbException, bool> refuse)
{
    private readonly Dictionary<EventTable, int> _stored = [];
    private readonly HashSet<EventRow> _refused = [];
    private readonly List<Row> _withFacts = [];

    /// <summary>How many rows each table took.</summary>
    public IReadOnlyDictionary<EventTable, int> Stored => _stored;

    /// <summary>Inserts rows, table by table.</summary>
    public async Task InsertAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        foreach (IGrouping<TableLayout, Row> ofTable in rows.GroupBy(row => row.Event.Layout))
        {
            List<Row> all = [.. ofTable];
            await InsertAsync(ofTable.Key, all, cancellationToken).ConfigureAwait(false);
            if (!ofTable.Key.IsComplete)
                await InsertExtrasAsync(ofTable.Key, all, cancellationToken).ConfigureAwait(false);
            if (FactTable.Sources.Contains(ofTable.Key.Table))
                _withFacts.AddRange(all);
        }
    }

    /// <summary>Inserts the facts of the rows that were taken, where there is a table for them.</summary>
    public async Task InsertFactsAsync(ILogger logger, CancellationToken cancellationToken)
    {
        if (!tables.HaveFacts)
            return;

        List<object?[]> facts =
        [
            .. _withFacts.Where(row => !_refused.Contains(row.Event))
                .SelectMany(row => FactTable.RowsOf(row.Event.Event, (long)row.Event.Values[0]!)),
        ];
        await FactRows.InsertAsync(connection, facts, script, logger, cancellationToken).ConfigureAwait(false);
    }

    private async Task InsertAsync(TableLayout layout, List<Row> rows, CancellationToken cancellationToken)
    {
        TableInsert insert = connection.InsertInto(layout.Definition);
        List<Row> fitting = rows;
        if (rows.Exists(IsTooLarge))
        {
            foreach (Row row in rows.FindAll(IsTooLarge))
                Refuse(row, RefusedRowException.TooLarge(), wasTried: true);
            fitting = rows.FindAll(row => !IsTooLarge(row));
            if (fitting.Count == 0)
                return;
        }

        RefusedRows refused = new(IsRefusal, (row, failure, wasTried) => Refuse(fitting[row], failure, wasTried));
        int stored = await insert.InsertAsync(fitting.Count, BytesOf, Value, refused, script, cancellationToken).ConfigureAwait(false);
        _stored[layout.Table] = stored;

        bool IsTooLarge(Row row) => row.Bytes + insert.BytesPerRow > connection.MaxStatementBytes;

        long BytesOf(int row) => fitting[row].Bytes;

        object? Value(int row, int column) =>
            column < layout.Places.Count ? fitting[row].Event.Values[layout.Places[column]] : now.UtcDateTime.Date;
    }

    private void Refuse(Row row, DbException failure, bool wasTried)
    {
        _refused.Add(row.Event);
        refuse(row, failure, wasTried);
    }

    /// <summary>Whether the failure of a statement may be about one of its rows.</summary>
    private bool IsRefusal(DbException failure) => connection.Dialect.Classify(failure) switch
    {
        FailureKind.Data or FailureKind.Statement => true,
        FailureKind.NumberTaken => numbersAreTaken,
        _ => false,
    };

    /// <summary>Keeps what a published table has no column for, of the rows that it took.</summary>
    private async Task InsertExtrasAsync(TableLayout layout, List<Row> rows, CancellationToken cancellationToken)
    {
        List<object?[]> extras =
        [
            .. rows.Where(row => !_refused.Contains(row.Event))
                .Select(row => (object?[])
                [
                    layout.Table.Name,
                    row.Event.Values[0],
                    (long?)(row.Event.Event as MediaStatsEvent)?.Part,
                    layout.HasExtra ? null : row.Event.Values[^1],
                ])
                .Where(values => values[2] is not null || values[3] is not null),
        ];
        await connection.InsertInto(BookkeepingTables.Extras).InsertAsync(
            extras.Count,
            row => (extras[row][3] as string)?.Length * 3L ?? 0,
            (row, column) => extras[row][column],
            refused: null,
            script: null,
            cancellationToken).ConfigureAwait(false);
    }
}
