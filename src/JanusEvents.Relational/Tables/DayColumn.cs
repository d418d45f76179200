namespace JanusEvents.Relational.Tables;

/// <summary>
/// The column that a table which is partitioned by the day of arrival has after all others, and in its key. It is filled
/// in wherever the table has it, and never read back.
/// </summary>
internal static class DayColumn
{
    public static TableColumn Column { get; } = new("day", ColumnKind.Day) { HasDefault = true };

    /// <summary>Days ahead of today for which there are partitions.</summary>
    public const int DaysAhead = 3;

    /// <summary>The days for which partitions are made ahead.</summary>
    public static IEnumerable<DateOnly> From(DateOnly today) => Enumerable.Range(0, DaysAhead + 1).Select(today.AddDays);

    /// <summary>A table with the column.</summary>
    public static TableDefinition AddTo(TableDefinition table) =>
        new(table.Name, [.. table.Columns, Column], [.. table.Indexes]) { PrimaryKey = [.. table.PrimaryKey, Column.Name] };
}
