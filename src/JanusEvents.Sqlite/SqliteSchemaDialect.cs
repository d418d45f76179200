using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Sqlite;

/// <summary>
/// How SQLite changes tables: columns are added without touching a row; a table whose columns may not be NULL is copied,
/// all in one transaction for each table.
/// </summary>
internal sealed partial class SqliteSchemaDialect(SqliteDialect dialect) : SchemaDialect
{
    // Neither rows nor views of others are to follow a table that is copied under another name.
    public override IReadOnlyList<string> SessionStatements { get; } = ["PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON"];

    public override string Begin => "BEGIN IMMEDIATE";

    public override string Commit => "COMMIT";

    public override string RollBack => "ROLLBACK";

    public override async Task<IReadOnlyList<TableChange>> PlanAsync(
        StoreConnection connection,
        IEnumerable<TableDefinition> tables)
    {
        List<TableChange> changes = [];
        ILookup<string, string?[]> definitions = (await connection.SlowQueryAsync(
            "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL", Texts).ConfigureAwait(false)).ToLookup(d => d[1]!, StringComparer.OrdinalIgnoreCase);
        foreach (TableDefinition table in tables)
        {
            string? definition = definitions[dialect.TablePrefix + table.Name].FirstOrDefault(d => d[0] == "table")?[3];
            if (definition is null)
                continue;

            List<SqliteColumn> columns =
            [
                .. (await connection.SlowQueryAsync(
                    $"SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('{dialect.TablePrefix}{table.Name}')", Texts).ConfigureAwait(false))
                    .Select(c => new SqliteColumn(c[0]!, c[1]!, c[2] == "1", c[3], c[4] != "0", c[5] != "0")),
            ];
            TableChange change = Change(table, definition, columns, [.. definitions[dialect.TablePrefix + table.Name].Where(d => d[0] != "table")]);
            if (change.Rows < 0)
            {
                long? rows = await connection.SlowNumberAsync($"SELECT COUNT(*) FROM {dialect.Table(table)}").ConfigureAwait(false);
                change = change with { Rows = rows ?? 0 };
            }

            if (change.Statements.Count > 0 || change.LeftAlone.Count > 0)
                changes.Add(change);
        }

        return changes;
    }

    private TableChange Change(TableDefinition table, string definition, List<SqliteColumn> columns, List<string?[]> others)
    {
        SqliteColumn? Existing(string name) => columns.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        List<TableColumn> missing = [.. table.Columns.Where(c => Existing(c.Name) is null)];
        List<string> leftAlone = [];
        List<string> statements = [];
        bool mustCopy = table.PrimaryKey is ["id"]
            && (table.Columns.Any(c => c.Name != "id" && Existing(c.Name) is { NotNull: true })
                || Existing("id") is { IsKey: true } id && !id.Type.Equals("INTEGER", StringComparison.OrdinalIgnoreCase));
        if (mustCopy && (columns.Exists(c => c.IsHidden) || Special().IsMatch(definition)))
        {
            mustCopy = false;
            leftAlone.Add($"{table.Name} has columns that may not be NULL and that stay so, since it has constraints of somebody else's.");
        }

        if (mustCopy)
            statements.AddRange(Copy(table, columns, others));
        else
            statements.AddRange(missing.Select(c => $"ALTER TABLE {dialect.Table(table)} ADD COLUMN {dialect.Quote(c.Name)} {SqliteDialect.TypeOf(c.Kind)}"));

        // The first statement creates the table, the others its indexes.
        foreach (string index in dialect.Create(table).Skip(1))
        {
            if (mustCopy || !others.Exists(o => o[3]!.Length > 0 && index.Contains($" {dialect.Quote(o[2]!)} ", StringComparison.OrdinalIgnoreCase)))
                statements.Add(index);
        }

        return new TableChange(table, statements, leftAlone, mustCopy ? -1 : 0, 0);
    }

    private IEnumerable<string> Copy(TableDefinition table, List<SqliteColumn> columns, List<string?[]> others)
    {
        string old = dialect.Table(table);
        string copy = dialect.Table($"new_{table.Name}");
        string names = string.Join(", ", columns.Select(c => dialect.Quote(c.Name)));
        IEnumerable<string> theirs = columns
            .Where(c => !table.Columns.Any(t => t.Name.Equals(c.Name, StringComparison.OrdinalIgnoreCase)))
            .Where(c => c.Name != "id")
            .Select(c => $"{dialect.Quote(c.Name)} {c.Type}{(c.NotNull ? " NOT NULL" : "")}{(c.Default is null ? "" : $" DEFAULT {c.Default}")}");
        yield return $"DROP TABLE IF EXISTS {copy}";
        yield return dialect.CreateTable(table, copy, theirs);
        yield return $"INSERT INTO {copy} ({names}) SELECT {names} FROM {old}";
        yield return $"DROP TABLE {old}";
        yield return $"ALTER TABLE {copy} RENAME TO {old}";
        foreach (string?[] other in others)
            yield return other[3]!;
    }

    private static string?[] Texts(DbDataReader row) =>
        [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? null : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture))];

    // Missing from the list of columns, and lost in a copy.
    [GeneratedRegex(@"\b(CHECK|REFERENCES|COLLATE|UNIQUE|GENERATED)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Special();

    private sealed record SqliteColumn(string Name, string Type, bool NotNull, string? Default, bool IsKey, bool IsHidden);
}
