namespace JanusEvents.Relational.Tables;

/// <summary>The tables whose rows can be kept for some days.</summary>
internal static class KeptTables
{
    /// <summary>Those that are numbered in the order of arrival.</summary>
    public static IReadOnlyList<TableDefinition> Numbered { get; } = [.. EventTables.All, FactTable.Definition];

    /// <summary>All: also those whose rows are as old as they say themselves (<see cref="RecordTables.TimeOf"/>).</summary>
    public static IReadOnlyList<TableDefinition> All { get; } = [.. Numbered, .. RecordTables.All];

    /// <summary>The column that numbers a table's rows in the order of arrival; facts have the number of their event.</summary>
    public static string NumberOf(TableDefinition table) => table.PrimaryKey[0];
}
