using System.Data.Common;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>Inserts rows into one table on one connection.</summary>
internal abstract class TableInsert(StoreConnection connection, TableDefinition table, string verb) : IDisposable
{
    // The bytes of a value in a packet beside its text or bytes, at most.
    private const int BytesPerValue = 16;

    private readonly string _intoTable = $"{verb} {connection.Dialect.Table(table)} ";
    private readonly string[] _columns = [.. table.Columns.Select(c => connection.Dialect.Quote(c.Name))];

    protected StoreConnection Connection => connection;

    /// <summary>The table.</summary>
    public TableDefinition Table { get; } = table;

    /// <summary>How many bytes a row takes in a packet beside its texts and bytes, at most.</summary>
    public int BytesPerRow => Table.Columns.Count * BytesPerValue;

    /// <summary>
    /// Inserts rows: as a part of a script where they are few enough, and else by statements as large as they may be. A statement
    /// that the database refuses, as it may be for a row, is halved until the row that is refused is alone; what a script fails at is not
    /// known, so that with one every refusal is a failure.
    /// </summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="bytesOf">How many bytes the texts of a row have, at most, by its place.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    /// <param name="refused">Takes rows that are refused; null where that is a failure.</param>
    /// <param name="script">Takes statements that are sent together; null where each is sent by itself.</param>
    /// <param name="cancellationToken">
    /// Ends a write that the host gives up, before a statement: one that runs is left to its time-out, since cancelling it would
    /// leave the state of the connection to the driver.
    /// </param>
    /// <returns>How many rows were inserted, or are to be by the script.</returns>
    public async Task<int> InsertAsync(
        int rows,
        Func<int, long> bytesOf,
        Func<int, int, object?> value,
        RefusedRows? refused,
        StatementScript? script,
        CancellationToken cancellationToken)
    {
        if (script is null)
            return await InsertAsync(0, rows, bytesOf, value, refused, cancellationToken).ConfigureAwait(false);

        long bytes = 0;
        for (int row = 0; row < rows; row++)
            bytes += bytesOf(row);
        return await script.TryAddAsync(this, rows, bytes, value, cancellationToken).ConfigureAwait(false)
            ? rows
            : await InsertAsync(0, rows, bytesOf, value, refused: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Inserts one row.</summary>
    public Task<int> InsertAsync(object?[] values, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ExecuteAsync(1, (_, column) => values[column]);
    }

    /// <summary>How many rows the next statement takes: not more than there are, and as its size allows.</summary>
    /// <param name="rows">How many rows are left.</param>
    /// <param name="bytesOf">How many bytes the texts of a row have, at most, by its place among those left.</param>
    public abstract int NextCount(int rows, Func<int, long> bytesOf);

    /// <summary>Inserts as many rows as <see cref="NextCount"/> said, all or none.</summary>
    /// <param name="count">How many rows: a number for which there is a statement.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    /// <returns>How many rows were inserted.</returns>
    public abstract Task<int> ExecuteAsync(int count, Func<int, int, object?> value);

    public abstract void Dispose();

    /// <summary>The columns that rows have values for, with those that cannot be left out.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    public ColumnSet ColumnsOf(int rows, Func<int, int, object?> value)
    {
        ColumnSet columns = default;
        for (int column = 0; column < Table.Columns.Count; column++)
        {
            bool isNeeded = Table.Columns[column].HasDefault;
            for (int row = 0; row < rows && !isNeeded; row++)
                isNeeded = value(row, column) is not null;
            if (isNeeded)
                columns = columns.With(column);
        }

        return columns;
    }

    /// <summary>Writes the statement, with a placeholder for each value, in the order of the rows and their columns.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="columns">The columns that it names.</param>
    /// <param name="rows">How many rows.</param>
    public void AppendTo(StringBuilder text, ColumnSet columns, int rows)
    {
        text.Append(_intoTable);
        char separator = '(';
        for (int column = 0; column < _columns.Length; column++)
        {
            if (!columns.Has(column))
                continue;
            text.Append(separator).Append(_columns[column]);
            separator = ',';
        }

        text.Append(") VALUES ");
        for (int row = 0; row < rows; row++)
        {
            text.Append(row > 0 ? ",(?" : "(?");
            for (int column = 1; column < columns.Count; column++)
                text.Append(",?");
            text.Append(')');
        }
    }

    private async Task<int> InsertAsync(
        int first,
        int end,
        Func<int, long> bytesOf,
        Func<int, int, object?> value,
        RefusedRows? refused,
        CancellationToken cancellationToken)
    {
        int inserted = 0;
        while (first < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = first;
            int count = NextCount(end - start, row => bytesOf(start + row));
            first += count;
            try
            {
                int taken = await ExecuteAsync(count, (row, column) => value(start + row, column)).ConfigureAwait(false);
                inserted += taken;
                if (taken > 0)
                    refused?.Taken();
                else if (count == 1)
                    refused?.Refused(start, RefusedRowException.Ignored(), isKnown: true, wasTried: true);
            }
            catch (DbException e) when (refused is not null && !connection.IsBroken && refused.Concerns(e))
            {
                bool isKnown = connection.Dialect.Classify(e) != FailureKind.Statement;
                bool isToEnd = count == 1 || (!isKnown && refused.AreAll);
                for (int row = start; row < first && isToEnd; row++)
                    refused.Refused(row, e, isKnown, wasTried: count == 1);

                // Some refusals end the transaction, too: what came after would be stored by itself.
                if (!await connection.Dialect.IsInTransactionAsync(connection).ConfigureAwait(false))
                    throw new RepeatException("A statement that was refused has ended its transaction.", e);
                if (isToEnd)
                    continue;

                int half = start + (count / 2);
                inserted += await InsertAsync(start, half, bytesOf, value, refused, cancellationToken).ConfigureAwait(false);
                inserted += await InsertAsync(half, first, bytesOf, value, refused, cancellationToken).ConfigureAwait(false);
            }
        }

        return inserted;
    }
}
