using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>
/// How the rows of a table (<c>t</c>) are read with what the table <c>extras</c> (<c>x</c>) keeps of them: what a
/// published table has no column for, and what an upgraded one has not got back yet.
/// </summary>
internal static class ExtrasJoin
{
    private static readonly TableDefinition s_extras = BookkeepingTables.Extras;

    public static string Of(SqlDialect dialect, EventTable table) =>
        $" LEFT JOIN {dialect.Table(s_extras)} x ON x.{dialect.Quote("tablename")} = '{table.Name}' "
        + $"AND x.{dialect.Quote("row")} = t.{dialect.Quote("id")}";

    /// <summary>The expressions for the table's columns.</summary>
    public static IEnumerable<string> Columns(SqlDialect dialect, TableLayout layout, bool hasExtras = true) => layout.Table.Columns.Select((c, i) =>
    {
        string name = dialect.Quote(c.Name);
        bool isThere = layout.Places.Contains(i);
        bool isInExtras = hasExtras && c.Name is "part" or "extra";
        return (isThere, isInExtras) switch
        {
            (true, true) => $"COALESCE(x.{name}, t.{name})",
            (true, false) => c.Kind == ColumnKind.Time ? dialect.ReadTime($"t.{name}") : $"t.{name}",
            (false, true) => $"x.{name}",
            (false, false) => "NULL",
        };
    });
}
