using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>Inserts rows into one table on one connection.</summary>
internal abstract class TableInsert(SqlDialect dialect, TableDefinition table, string verb) : IDisposable
{
    // What a value takes in a packet beside its text or bytes, at most.
    private const int BytesPerValue = 16;

    private readonly string _intoTable = $"{verb} {dialect.Quote(table.Name)} ";
    private readonly string[] _columns = [.. table.Columns.Select(c => dialect.Quote(c.Name))];

    /// <summary>The table.</summary>
    public TableDefinition Table { get; } = table;

    /// <summary>How many bytes a row takes in a packet beside its texts and bytes, at most.</summary>
    public int BytesPerRow => Table.Columns.Count * BytesPerValue;

    /// <summary>How many rows the next statement takes: not more than there are, and as its size allows.</summary>
    /// <param name="rows">How many rows are left.</param>
    /// <param name="bytesOf">How many bytes the texts of a row have, at most, by its place among those left.</param>
    public abstract int NextCount(int rows, Func<int, long> bytesOf);

    /// <summary>Inserts as many rows as <see cref="NextCount"/> said, all or none.</summary>
    /// <param name="count">How many rows: a number for which there is a statement.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    /// <param name="cancellationToken">
    /// Ends a write that the host gives up, before the statement: one that runs is left to its time-out, since cancelling
    /// it would leave the state of the connection to the driver.
    /// </param>
    /// <returns>How many rows were inserted.</returns>
    public abstract Task<int> ExecuteAsync(int count, Func<int, int, object?> value, CancellationToken cancellationToken);

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
}
