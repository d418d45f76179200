namespace JanusEvents.Relational.Tables;

/// <summary>
/// A table of events as a database has it: with all its columns, or as it was published in 2016 and not upgraded since.
/// </summary>
internal sealed class TableLayout
{
    private readonly bool[] _has;
    private readonly long _ticksOfTime;

    /// <summary>Compares a table with what a database has.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns that are there.</param>
    public TableLayout(EventTable table, IReadOnlyCollection<ExistingColumn> columns)
    {
        Table = table;
        _has = [.. table.EventColumns.Select(c => columns.Any(e => e.IsNamed(c.Name)))];
        HasExtra = columns.Any(c => c.IsNamed("extra"));
        IsComplete = HasExtra && Array.TrueForAll(_has, h => h);

        // Cut here, since databases differ: MariaDB cuts, MySQL rounds.
        int digits = columns.FirstOrDefault(c => c.IsNamed("timestamp"))?.TimeDigits ?? 6;
        _ticksOfTime = TimeSpan.TicksPerSecond;
        for (int i = 0; i < digits; i++)
            _ticksOfTime /= 10;

        Places = [.. Enumerable.Range(0, table.Columns.Count).Where(i => i == 0 || (i == table.Columns.Count - 1 ? HasExtra : _has[i - 1]))];
        HashSet<string> withDefault = new(columns.Where(c => c.HasDefault).Select(c => c.Name), StringComparer.OrdinalIgnoreCase);
        Definition = IsComplete && withDefault.Count == 0
            ? table
            : new TableDefinition(
                table.Name,
                [.. Places.Select(i => table.Columns[i]).Select(c => withDefault.Contains(c.Name) ? c with { HasDefault = true } : c)]);
        if (columns.Any(c => c.IsNamed(DayColumn.Column.Name)))
            Definition = DayColumn.AddTo(Definition);
    }

    public EventTable Table { get; }

    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether it has a column for what no other column gives back.</summary>
    public bool HasExtra { get; }

    /// <summary>The table with the columns that it has; the day after those that <see cref="Places"/> counts.</summary>
    public TableDefinition Definition { get; }

    /// <summary>Where these columns stand among all: the place of each in a row's values.</summary>
    public IReadOnlyList<int> Places { get; }

    /// <summary>A table that was just made.</summary>
    public static TableLayout Complete(EventTable table) =>
        new(table, [.. table.Columns.Select(c => new ExistingColumn(c.Name, "", table.PrimaryKey.Contains(c.Name), c.Kind == ColumnKind.Time ? 6 : null, HasDefault: false))]);

    /// <summary>Whether it has a column of <see cref="EventTable.EventColumns"/>.</summary>
    public bool Has(int column) => _has[column];

    /// <summary>Cuts a time to what the column holds.</summary>
    public object Cut(object value) => value is DateTime time && time.Ticks % _ticksOfTime is not 0 and long rest ? time.AddTicks(-rest) : value;
}

/// <summary>A column that a database has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the database names it, without a length.</param>
/// <param name="IsKey">Whether it belongs to the primary key.</param>
/// <param name="TimeDigits">How many digits of a second it keeps, if it is one for times.</param>
/// <param name="HasDefault">Whether a row that leaves it out has something else than null there.</param>
internal sealed record ExistingColumn(string Name, string Type, bool IsKey, int? TimeDigits, bool HasDefault)
{
    public bool IsNamed(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
