using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>
/// Whether the tables that have the store's names are the store's: one by the same name may be another program's, whose rows must
/// never be read, added to or deleted.
/// </summary>
internal static class TableOwnership
{
    /// <summary>Checks every table that is there and has one of the store's names.</summary>
    /// <param name="connection">The connection on which they were listed.</param>
    /// <param name="columns">The columns of each table, by the name that the store has for it.</param>
    /// <exception cref="ForeignTablesException">Some are another program's.</exception>
    public static void Check(StoreConnection connection, ILookup<string, ExistingColumn> columns)
    {
        SqlDialect dialect = connection.Dialect;
        List<string> foreign =
        [
            .. SchemaCreator.Tables.Where(t => columns.Contains(t.Name))
                .Select(t => (Table: t, Lacks: WhatLacks(dialect, t, [.. columns[t.Name]])))
                .Where(t => t.Lacks is not null)
                .Select(t => $"{dialect.TablePrefix}{t.Table.Name} ({t.Lacks})"),
        ];
        if (foreign.Count == 0)
            return;

        throw new ForeignTablesException(
            $"The database {dialect.DatabaseOf(connection.Driver)} has tables of another program by names of JanusEvents: {string.Join(", ", foreign)}. "
            + "They are skipped, and nothing is stored. Give JanusEvents a database of its own, or set TablePrefix (JanusEvents:TablePrefix), "
            + "such as \"janus_\", so that its tables have other names.");
    }

    /// <summary>Checks that what is written into the store's tables is undone when it is not committed.</summary>
    /// <exception cref="InvalidOperationException">Some know no transactions.</exception>
    public static async Task CheckTransactionsAsync(StoreConnection connection)
    {
        SqlDialect dialect = connection.Dialect;
        if (dialect.ListWithoutTransactions is not { } list)
            return;

        HashSet<string> ours = new(SchemaCreator.Tables.Select(t => t.Name), StringComparer.OrdinalIgnoreCase);
        List<(string Table, string Engine)> without =
            await connection.QueryAsync(list, row => (row.GetString(0), row.GetString(1))).ConfigureAwait(false);
        without.RemoveAll(t => dialect.OwnName(t.Table) is not { } name || !ours.Contains(name));
        if (without.Count > 0)
        {
            throw new InvalidOperationException(
                $"Tables know no transactions, so that a write that fails would be there by half and come twice: "
                + $"{string.Join(", ", without.Select(t => $"{t.Table} ({t.Engine})"))}. Set UpgradeSchema, or run ALTER TABLE … ENGINE=InnoDB for each.");
        }
    }

    /// <summary>A column that a table lacks and would have if it were the store's; null when it lacks none.</summary>
    private static string? WhatLacks(SqlDialect dialect, TableDefinition table, List<ExistingColumn> columns)
    {
        List<string> missing = [.. RequiredColumns(table).Where(c => !columns.Exists(e => e.IsNamed(c.Name))).Select(c => c.Name)];
        if (missing.Count > 0)
            return $"without the columns {string.Join(", ", missing)}";

        // Columns of events may have been changed by their users, and values are checked against them.
        foreach (TableColumn column in table is EventTable ? [table.Columns[0]] : table.Columns)
        {
            ExistingColumn there = columns.Find(e => e.IsNamed(column.Name))!;
            if (!dialect.Holds(there.Type, column.Kind))
                return $"whose column {column.Name} is of the type {there.Type}";
        }

        string[] key = table.NumbersItself ? ["id"] : [.. table.PrimaryKey];
        bool hasKey = table is EventTable
            ? columns.Exists(c => c.IsKey && c.IsNamed("id"))
            : columns.Where(c => c.IsKey).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(key);
        return hasKey ? null : $"without the primary key {string.Join(", ", key)}";
    }

    /// <summary>The columns that the first version of a table had: those that were published, and else all.</summary>
    private static IEnumerable<TableColumn> RequiredColumns(TableDefinition table)
    {
        if (table is not EventTable { EventColumns: var columns } || !columns.Any(IsPublished))
            return table.NumbersItself ? table.Columns.Append(new TableColumn("id", ColumnKind.Integer)) : table.Columns;

        return columns.Where(c => c.Published).Prepend(table.Columns[0]);

        // These three are in tables that were not published, too.
        static bool IsPublished(EventColumn column) => column is { Published: true, Name: not ("session" or "handle" or "timestamp") };
    }
}

/// <summary>Tables with names of the store are another program's.</summary>
internal sealed class ForeignTablesException(string message) : InvalidOperationException(message);
