using System.Data.Common;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>
/// Inserts rows into one table on one connection, with prepared statements for some numbers of rows, whose parameters are used
/// again and again. Columns that no row has a value for are left out: of statistics it is a quarter, and each value costs.
/// </summary>
internal sealed class PreparedInsert : TableInsert
{
    // The most that a statement may have.
    private const int MaxPlaceholders = 65_535;

    // Longer statements save nothing more, and each costs its preparation on every new connection.
    private const int MaxRows = 192;

    // Columns with values differ between servers, and hardly from one batch to the next; each statement takes memory of
    // the server and of the driver.
    private const int MaxSets = 3;

    // A set of columns is worth a statement from so many columns less in so many rows.
    private const int MinColumnsLess = 4;
    private const int MinRowsOfSet = 32;

    private readonly int _maxRows;
    private readonly List<Statements> _sets = [];

    public PreparedInsert(StoreConnection connection, TableDefinition table, string verb)
        : base(connection, table, verb)
    {
        _maxRows = Fitting(Math.Min(MaxRows, MaxPlaceholders / table.Columns.Count));
        AddSet(ColumnSet.All(table.Columns.Count));
    }

    public override int NextCount(int rows, Func<int, long> bytesOf)
    {
        int most = Math.Min(rows, _maxRows);
        long bytes = 0;
        for (int i = 0; i < most; i++)
        {
            bytes += bytesOf(i) + BytesPerRow;
            if (bytes > Connection.MaxStatementBytes)
                most = Math.Max(1, i);
        }

        return Fitting(most);
    }

    public override async Task<int> ExecuteAsync(int count, Func<int, int, object?> value)
    {
        Statements set = SetFor(count, ColumnsOf(count, value));
        DbCommand command = set.Commands[PlaceOf(count)] ??= await PrepareAsync(count, set.Columns).ConfigureAwait(false);
        int place = 0;
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < Table.Columns.Count; column++)
            {
                if (set.Columns.Has(column))
                    command.Parameters[place++].Value = Connection.Dialect.ToParameter(value(row, column));
            }
        }

        return await Connection.ExecuteAsync(command).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        foreach (DbCommand? command in _sets.SelectMany(s => s.Commands))
            command?.Dispose();
    }

    /// <summary>The most rows, of so many, for which there is one statement: 1, 2 … 16, 24, 32 … 64, 80, 96 …</summary>
    private static int Fitting(int rows) => rows switch
    {
        <= 16 => rows,
        <= 64 => rows / 8 * 8,
        _ => rows / 16 * 16,
    };

    /// <summary>Where the statement for such a number of rows is kept.</summary>
    private static int PlaceOf(int rows) => rows switch
    {
        <= 16 => rows - 1,
        <= 64 => 13 + (rows / 8),
        _ => 17 + (rows / 16),
    };

    /// <summary>The statements that have the fewest columns among those that have these.</summary>
    private Statements SetFor(int rows, ColumnSet columns)
    {
        Statements set = _sets.Where(s => s.Columns.HasAll(columns)).MinBy(s => s.Columns.Count)!;
        return rows >= MinRowsOfSet && _sets.Count < MaxSets && set.Columns.Count - columns.Count >= MinColumnsLess
            ? AddSet(columns)
            : set;
    }

    private Statements AddSet(ColumnSet columns)
    {
        _sets.Add(new Statements(columns, new DbCommand?[PlaceOf(_maxRows) + 1]));
        return _sets[^1];
    }

    private async Task<DbCommand> PrepareAsync(int count, ColumnSet columns)
    {
        DbCommand command = Connection.CreateWriting();
        StringBuilder text = new();
        AppendTo(text, columns, count);
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
        command.CommandText = text.ToString();
#pragma warning restore CA2100

        // By their places: a driver looks names up for each value. Each has a type once and for all.
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < Table.Columns.Count; column++)
            {
                if (columns.Has(column))
                    Connection.AddParameter(command, "", Table.Columns[column].Kind);
            }
        }

        await Connection.PrepareAsync(command).ConfigureAwait(false);
        return command;
    }

    /// <summary>The statements for some columns, by the number of rows.</summary>
    private sealed record Statements(ColumnSet Columns, DbCommand?[] Commands);
}
