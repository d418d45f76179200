using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using JanusEvents.MySql;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using JanusEvents.Sqlite;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Relational.Tests.Pages;

/// <summary>The part of <c>docs/tables.md</c> that is made of the definitions of the tables.</summary>
internal sealed partial class TablePage
{
    private static readonly Dictionary<string, string[]> s_published = PublishedTable()
        .Matches(System.IO.File.ReadAllText(Repository.PathOf("tests", "data", "published.sql")))
        .ToDictionary(
            table => table.Groups["name"].Value,
            table => table.Groups["columns"].Value.Split(", ").Select(column => column.Split(' ')[0]).ToArray());

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _used = [];

    private TablePage()
    {
    }

    public static string File { get; } = Repository.PathOf("docs", "tables.md");

    /// <summary>The page as it is, and as it should be.</summary>
    /// <exception cref="InvalidOperationException">A table or column has no text, or a text is about none.</exception>
    public static (string Is, string Should) Read()
    {
        var page = System.IO.File.ReadAllText(File);
        if (!Generated().IsMatch(page))
            throw new InvalidOperationException("docs/tables.md has lost the comments between which it is made.");
        return (page, Generated().Replace(page, match => match.Groups["before"].Value + Write() + match.Groups["after"].Value, 1));
    }

    /// <summary>The columns that the published script gives a table, or none.</summary>
    public static IReadOnlyList<string> PublishedColumns(string table) => s_published.GetValueOrDefault(table, []);

    private static string Write()
    {
        TablePage page = new();
        page._text.Append("\n## Tables of events\n");
        foreach (var table in EventTables.All)
            page.AddEventTable(table);
        page._text.Append(CultureInfo.InvariantCulture, $"""

            Where tables are [partitioned by days](retention.md), each of these has one more column, `{DayColumn.Column.Name}`: the day of arrival in UTC.

            ## Rooms and calls

            """);
        page.AddTable(FactTable.Definition);
        foreach (var (view, columns) in Views())
            page.AddView(view, columns);
        page._text.Append("\n## Records and troubles\n\nThey are written where a host has monitoring; elsewhere they stay empty.\n");
        foreach (var table in RecordTables.All)
            page.AddTable(table);
        page._text.Append("\n## Bookkeeping\n");
        foreach (var table in BookkeepingTables.All)
            page.AddTable(table);
        page._text.Append('\n');

        string[] left = [.. TableTexts.Columns.Keys.Concat(TableTexts.Tables.Keys.Select(table => table + " (table)")).Except(page._used)];
        return left.Length == 0
            ? page._text.ToString()
            : throw new InvalidOperationException($"{nameof(TableTexts)} has texts about what is not there: {string.Join(", ", left)}.");
    }

    private void AddEventTable(EventTable table)
    {
        AddHeading(table.Name);
        var kinds = typeof(JanusEvent).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(JanusEvent)) && EventTables.For(type) == table)
            .Select(type => $"`{type.Name}`").Order(StringComparer.Ordinal);
        _text.Append(CultureInfo.InvariantCulture, $"Of {(table.HoldsWholeEvents ? "any type" : $"type {(long)table.Type}")}; in code {string.Join(", ", kinds)}. ");
        AddIndexes(table);
        _text.Append("\n| column | MariaDB, MySQL | SQLite | in the event | published | |\n|---|---|---|---|---|---|\n");
        var published = PublishedColumns(table.Name);
        foreach (var column in table.Columns)
        {
            var path = (column as EventColumn)?.Path is { } property ? $"`{property}`" : "";
            AddRow(table.Name, column.Name, $"{TypesOf(column.Kind)} | {path} | {(published.Contains(column.Name) ? "yes" : "")}");
        }
    }

    private void AddTable(TableDefinition table)
    {
        AddHeading(table.Name);
        AddIndexes(table);
        _text.Append("\n| column | MariaDB, MySQL | SQLite | |\n|---|---|---|---|\n");
        if (table.NumbersItself)
            AddRow(table.Name, "id", TypesOf(ColumnKind.Integer));
        foreach (var column in table.Columns)
            AddRow(table.Name, column.Name, TypesOf(column.Kind));
    }

    private void AddView(string view, IEnumerable<string> columns)
    {
        AddHeading(view, " (view)");
        _text.Append("| column | MariaDB, MySQL | SQLite | in `facts` | |\n|---|---|---|---|---|\n");
        foreach (var column in columns)
        {
            var source = TableTexts.Sources.GetValueOrDefault(column, column);
            AddRow(view, column, $"{TypesOf(FactTable.Definition.Columns.First(c => c.Name == source).Kind)} | `{source}`");
        }
    }

    private void AddHeading(string table, string more = "")
    {
        var words = TableTexts.Tables.TryGetValue(table, out var text)
            ? $"{text.Row} Answers: {text.Answers}."
            : RecordTexts.Of(table) ?? throw new InvalidOperationException($"{nameof(TableTexts)} says nothing of the table {table}.");
        _used.Add(table + " (table)");
        _text.Append(CultureInfo.InvariantCulture, $"\n### {table}{more}\n\n{words}\n\n");
    }

    private void AddIndexes(TableDefinition table)
    {
        string[] indexes = [$"primary key {Names(table.PrimaryKey)}", .. table.Indexes.Select(Names)];
        _text.Append(CultureInfo.InvariantCulture, $"Indexes: {string.Join("; ", indexes)}.\n");

        static string Names(IEnumerable<string> columns) => $"`{string.Join(", ", columns)}`";
    }

    private void AddRow(string table, string column, string cells)
    {
        var key = TableTexts.Columns.ContainsKey($"{table}.{column}") ? $"{table}.{column}" : column;
        var text = TableTexts.Columns.GetValueOrDefault(key) ?? RecordTexts.Of(table, column)
            ?? throw new InvalidOperationException($"{nameof(TableTexts)} says nothing of the column {table}.{column}.");
        _used.Add(key);
        _text.Append(CultureInfo.InvariantCulture, $"| `{column}` | {cells} | {text} |\n");
    }

    private static string TypesOf(ColumnKind kind) => $"{MySqlDialect.TypeOf(kind)} | {SqliteDialect.TypeOf(kind)}";

    /// <summary>The views with their columns, as a database sees them.</summary>
    private static List<(string View, List<string> Columns)> Views()
    {
        SqliteDialect dialect = new();
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        var views = new FactViews(dialect).All;
        foreach (var sql in dialect.Create(FactTable.Definition).Concat(views.Select(view => dialect.CreateView(view.Name, view.Select))))
            Execute(sql);

        return [.. views.Select(view =>
        {
            using var reader = Command($"SELECT * FROM {view.Name}").ExecuteReader();
            return (view.Name, Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList());
        })];

        void Execute(string sql)
        {
            using var command = Command(sql);
            command.ExecuteNonQuery();
        }

        SqliteCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }
    }

    [GeneratedRegex("(?<before><!-- made of the definitions[^\n]*-->\n).*(?<after><!-- until here -->)", RegexOptions.Singleline)]
    private static partial Regex Generated();

    [GeneratedRegex("^CREATE TABLE (?<name>\\w+) \\((?<columns>.*)\\);$", RegexOptions.Multiline)]
    private static partial Regex PublishedTable();
}
