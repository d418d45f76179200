namespace JanusEvents.Relational.Tables;

/// <summary>The tables whose rows can be kept for some days: all that are numbered in the order of arrival.</summary>
internal static class KeptTables
{
    public static IReadOnlyList<TableDefinition> All { get; } = [.. EventTables.All, FactTable.Definition];

    /// <summary>The column that numbers a table's rows in the order of arrival; facts have the number of their event.</summary>
    public static string NumberOf(TableDefinition table) => table.PrimaryKey[0];
}
