using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Retention;

/// <summary>The tables whose rows can be kept for some days: all that are numbered in the order of arrival.</summary>
internal static class KeptTables
{
    public static IReadOnlyList<TableDefinition> All { get; } = [.. EventTables.All];
}
