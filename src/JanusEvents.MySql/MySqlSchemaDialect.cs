using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.MySql;

/// <summary>
/// How MySQL and MariaDB change tables: one ALTER for each, since every one of these changes makes them copy the whole
/// table, in which nobody can write meanwhile. An ALTER is done as a whole or not at all.
/// </summary>
internal sealed class MySqlSchemaDialect(MySqlDialect dialect) : SchemaDialect
{
    private const string Collation = "utf8mb4_bin";
    private const string Charset = $"CHARACTER SET utf8mb4 COLLATE {Collation}";

    // Of utf8mb4, at most.
    private const int BytesPerCharacter = 4;

    // The length that fits an index of the older servers.
    private const int OldKeyBytes = 767;
    private const int KeyBytes = 3072;

    // Longer ones are made long text, which does not count towards the 65,535 bytes that a row may have.
    private const int LongestVarchar = 2000;

    /// <summary>
    /// Strict, so that an ALTER fails rather than cuts a value, but with the dates and numbers that less strict servers
    /// took: 0000-00-00, 2016-02-31, and an id of 0. A lock is waited for at length, since it is asked for once more when
    /// the copy is done: who reads long then must not undo the work of hours.
    /// </summary>
    public override IReadOnlyList<string> SessionStatements { get; } =
    [
        "SET NAMES utf8mb4",
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', "
            + "time_zone = '+00:00', lock_wait_timeout = 300 /*M!100100 , max_statement_time = 0 */",
    ];

    public override async Task<long> SessionOfAsync(StoreConnection connection) =>
        await connection.NumberAsync("SELECT CONNECTION_ID()").ConfigureAwait(false) ?? 0;

    public override async Task<string?> StateOfAsync(StoreConnection connection, long session) => await connection.ScalarAsync(
        "SELECT COALESCE(state, '') FROM information_schema.processlist WHERE command <> 'Sleep' AND id = @session",
        ("@session", ColumnKind.Integer, session)).ConfigureAwait(false) as string;

    // Where it is not there any more, the server says so.
    public override Task EndAsync(StoreConnection connection, long session) =>
        connection.ExecuteAsync("KILL " + session.ToString(CultureInfo.InvariantCulture));

    public override async Task<IReadOnlyList<TableChange>> PlanAsync(
        StoreConnection connection,
        IEnumerable<TableDefinition> tables)
    {
        MySqlCatalog catalog = await MySqlCatalog.LoadAsync(connection).ConfigureAwait(false);
        return
        [
            .. tables
                .Where(t => catalog.Tables.ContainsKey(dialect.TablePrefix + t.Name))
                .Select(t => Change(t, catalog.Tables[dialect.TablePrefix + t.Name], catalog.HasLongKeys))
                .Where(c => c.Statements.Count > 0 || c.LeftAlone.Count > 0),
        ];
    }

    private TableChange Change(TableDefinition table, MySqlTable existing, bool hasLongKeys)
    {
        List<string> leftAlone = [];
        List<string> parts = [];
        int keyBytes = hasLongKeys && !existing.Options.Contains("=compact", StringComparison.OrdinalIgnoreCase)
            && !existing.Options.Contains("=redundant", StringComparison.OrdinalIgnoreCase) ? KeyBytes : OldKeyBytes;
        string? previous = null;
        foreach (TableColumn column in Columns(table))
        {
            if (existing.Column(column.Name) is { } there)
            {
                if (Modify(table, column, there, existing, keyBytes, leftAlone) is { } definition)
                    parts.Add($"MODIFY COLUMN {dialect.Quote(there.Name)} {definition}");
            }
            else
            {
                string place = previous is null ? "FIRST" : $"AFTER {dialect.Quote(previous)}";
                parts.Add($"ADD COLUMN {dialect.Quote(column.Name)} {MySqlDialect.TypeOf(column.Kind)}{CharsetOf(column.Kind)} NULL {place}");
            }

            previous = column.Name;
        }

        foreach (IReadOnlyList<string> index in table.Indexes.Where(i => !existing.Indexes.Any(e => e.Serves(i))))
        {
            string name = string.Join('_', index);
            while (existing.Indexes.Any(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                name += "_";
            parts.Add($"ADD KEY {dialect.Quote(name)} ({string.Join(", ", index.Select(dialect.Quote))})");
        }

        if (!existing.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase))
            parts.Add("ENGINE=InnoDB");
        if (existing.Collation != Collation)
            parts.Add($"DEFAULT {Charset}");

        string[] statements = parts.Count == 0 ? [] : [$"ALTER TABLE {dialect.Quote(existing.Name)}\n  {string.Join(",\n  ", parts)}"];
        return new TableChange(table, statements, leftAlone, existing.Rows, existing.Bytes);
    }

    private static IEnumerable<TableColumn> Columns(TableDefinition table) =>
        table.NumbersItself ? table.Columns.Prepend(new TableColumn("id", ColumnKind.Integer)) : table.Columns;

    /// <summary>The definition that a column gets; null when it stays.</summary>
    private static string? Modify(
        TableDefinition table,
        TableColumn column,
        MySqlColumn there,
        MySqlTable existing,
        int keyBytes,
        List<string> leftAlone)
    {
        bool isKey = table.PrimaryKey.Contains(column.Name);
        string type = WiderType(column.Kind, there, out bool known);
        bool isText = there.Collation is not null && column.Kind is not ColumnKind.Integer and not ColumnKind.Boolean and not ColumnKind.Time;
        string charset = "";
        if (!known)
        {
            leftAlone.Add($"{table.Name}.{there.Name} is of the type {there.Type}, which stays.");
        }
        else if (isText)
        {
            charset = $" {Charset}";
            if (FittingType(type, there, existing, keyBytes) is { } fitting)
            {
                type = fitting;
            }
            else
            {
                type = there.Type;
                charset = $" COLLATE {there.Collation}";
                leftAlone.Add($"{table.Name}.{there.Name} stays {there.Type}: an index that JanusEvents did not make has no room for more.");
            }
        }

        bool changes = !type.Equals(there.Type, StringComparison.OrdinalIgnoreCase) && !IsSameInteger(type, there);
        changes |= isText && charset.EndsWith(Collation, StringComparison.Ordinal) && there.Collation != Collation;
        changes |= !isKey && !there.IsNullable;
        bool numbers = column.Name == "id" && (there.IsNumbered || IsNumber(existing));
        changes |= numbers && !there.IsNumbered;
        if (!changes)
            return null;

        if (!isText && there.Collation is not null)
            charset = $" COLLATE {there.Collation}";
        string comment = there.Comment.Length == 0 ? "" : $" COMMENT {Literal(there.Comment)}";
        return type + charset + (isKey ? " NOT NULL" : " NULL") + DefaultOf(there, type) + (numbers ? " AUTO_INCREMENT" : "") + comment;
    }

    // The display width, as in bigint(30), says nothing.
    private static bool IsSameInteger(string type, MySqlColumn there) =>
        type == "BIGINT" && there.TypeName == "bigint" && !there.Type.Contains("unsigned", StringComparison.OrdinalIgnoreCase);

    // Only the first column of the primary key can number the rows.
    private static bool IsNumber(MySqlTable existing) =>
        existing.Indexes.FirstOrDefault(i => i.Name == "PRIMARY") is { Parts: [("id", null), ..] };

    /// <summary>The type that a new column has, or the one that is there if it holds as much or more.</summary>
    /// <param name="kind">The kind of value that the column is to hold.</param>
    /// <param name="there">The column that is there.</param>
    /// <param name="known">False when the type is one that nothing is known of: it stays.</param>
    private static string WiderType(ColumnKind kind, MySqlColumn there, out bool known)
    {
        string? wider = (kind, there.TypeName) switch
        {
            (ColumnKind.Integer, "tinyint" or "smallint" or "mediumint" or "int") => MySqlDialect.TypeOf(kind),
            (ColumnKind.Integer, "bigint") => there.Type.Contains("unsigned", StringComparison.OrdinalIgnoreCase) ? there.Type : MySqlDialect.TypeOf(kind),
            (ColumnKind.Boolean, "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "bit") => there.Type,
            (ColumnKind.Real, "double") => there.Type,
            (ColumnKind.ShortText, "varchar") => there.Length < TableColumn.ShortTextLength ? MySqlDialect.TypeOf(kind) : Longer(there),
            (ColumnKind.ShortText, "char" or "tinytext" or "enum" or "set") => MySqlDialect.TypeOf(kind),
            (ColumnKind.ShortText, "text" or "mediumtext" or "longtext") => Longer(there),
            (ColumnKind.LongText or ColumnKind.Json, "char" or "varchar" or "enum" or "set" or "json") => MySqlDialect.TypeOf(kind),
            (ColumnKind.LongText or ColumnKind.Json, "tinytext" or "text" or "mediumtext" or "longtext") => MySqlDialect.TypeOf(kind),
            (ColumnKind.Time, "datetime" or "timestamp") =>
                there.TypeName == "datetime" && there.TimeDigits == 6 ? there.Type : MySqlDialect.TypeOf(kind),
            (ColumnKind.Time, "date") => MySqlDialect.TypeOf(kind),
            (ColumnKind.Key or ColumnKind.Name or ColumnKind.Hash or ColumnKind.Guid or ColumnKind.Bytes, _) => there.Type,
            _ => null,
        };
        known = wider is not null;
        return wider ?? there.Type;
    }

    /// <summary>A type of text that still holds all it held when it is converted to utf8mb4.</summary>
    private static string Longer(MySqlColumn there) => there.Collation == Collation
        ? there.Type
        : there.TypeName switch
        {
            "varchar" => there.Length <= LongestVarchar ? there.Type : "LONGTEXT",
            "text" => "MEDIUMTEXT",
            _ => "LONGTEXT",
        };

    /// <summary>A type as near as an index on the column allows; null when it allows none.</summary>
    private static string? FittingType(string type, MySqlColumn there, MySqlTable existing, int keyBytes)
    {
        foreach (MySqlIndex index in existing.Indexes.Where(i => !i.IsFullText))
        {
            foreach ((string name, long? length) in index.Parts)
            {
                if (!name.Equals(there.Name, StringComparison.OrdinalIgnoreCase))
                    continue;

                long most = keyBytes / BytesPerCharacter;
                bool isShort = type.StartsWith("VARCHAR", StringComparison.OrdinalIgnoreCase);
                if (length > most || (length is null && !isShort))
                    return null;

                long wanted = type == MySqlDialect.TypeOf(ColumnKind.ShortText) ? TableColumn.ShortTextLength : there.Length;
                if (length is null && wanted > most)
                {
                    if (there.Length > most)
                        return null;
                    type = string.Create(CultureInfo.InvariantCulture, $"VARCHAR({most})");
                }
            }
        }

        return type;
    }

    private static string DefaultOf(MySqlColumn there, string type)
    {
        if (there.Default is not { } value || type is "LONGTEXT" or "MEDIUMTEXT")
            return "";
        if (value.StartsWith("current_timestamp", StringComparison.OrdinalIgnoreCase))
            return type == MySqlDialect.TypeOf(ColumnKind.Time) ? " DEFAULT CURRENT_TIMESTAMP(6)" : "";
        return $" DEFAULT {value}";
    }

    private static string CharsetOf(ColumnKind kind) =>
        kind is ColumnKind.ShortText or ColumnKind.LongText or ColumnKind.Json or ColumnKind.Key or ColumnKind.Name ? $" {Charset}" : "";

    /// <summary>A text as SQL writes it. It comes from the description of the database's own columns.</summary>
    public static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
