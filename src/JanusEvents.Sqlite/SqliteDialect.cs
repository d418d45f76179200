using System.Data;
using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JanusEvents.Sqlite;

/// <summary>SQLite: one file, one writer at a time.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int ConstraintFailed = 19;
    private const int PrimaryKeyFailed = 1555;
    private const int TriggerFailed = 1811;
    private const int TooBig = 18;
    private const int Mismatch = 20;
    private const int Error = 1;
    private const int SchemaChanged = 17; // while others create tables
    private const int Busy = 5;
    private const int Locked = 6;

    /// <summary>How long a command waits for another process that writes, before its transaction is repeated.</summary>
    public const int BusySeconds = 1;

    /// <summary>How a time is written.</summary>
    public const string TimeFormat = "yyyy-MM-dd HH:mm:ss.ffffff";

    // SQLite's own limit for one text or blob.
    private const long MaxValueBytes = 1_000_000_000;

    private readonly SqliteSchemaDialect _schema;

    public SqliteDialect() => _schema = new SqliteSchemaDialect(this);

    public override SchemaDialect Schema => _schema;

    public override string InsertOrIgnore => "INSERT OR IGNORE INTO";

    public override string ListColumns =>
        // The columns of a view are not asked for: one of somebody else's may be broken.
        "SELECT m.name, p.name, p.type, p.pk > 0, CASE WHEN p.type = 'TEXT' THEN 6 END, p.dflt_value IS NOT NULL "
        + "FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' "
        + "UNION ALL SELECT name, '', '', 0, NULL, 0 FROM sqlite_master WHERE type = 'view'";

    // By the affinity that SQLite itself gives a column of the type.
    public override bool Holds(string type, ColumnKind kind)
    {
        bool isInteger = Has("INT");
        bool isText = !isInteger && (Has("CHAR") || Has("CLOB") || Has("TEXT"));
        return kind switch
        {
            ColumnKind.Integer or ColumnKind.Boolean => isInteger,
            ColumnKind.Real => !isInteger && (Has("REAL") || Has("DOUB") || Has("FLOA")),
            ColumnKind.Hash or ColumnKind.Guid or ColumnKind.Bytes => type.Length == 0 || Has("BLOB"),
            ColumnKind.Time or ColumnKind.Day => isText || Has("DATE") || Has("TIME"),
            _ => isText,
        };

        bool Has(string part) => type.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    public override string DatabaseOf(DbConnection connection) => connection.DataSource;

    // Takes the right to write at once: one that has read first can lose it to somebody else.
    public override string Begin => "BEGIN IMMEDIATE";

    public override int? BeginSeconds => BusySeconds;

    public override bool IsServer => false;

    // Reads the file, which a constant would not.
    public override string ShortQuestion => "SELECT COUNT(*) FROM sqlite_master";

    public override TableInsert CreateInsert(StoreConnection connection, TableDefinition table, string verb) =>
        new SqliteInsert(connection, table, verb);

    public override string Quote(string name) => $"\"{name}\"";

    public override IEnumerable<string> Create(TableDefinition table)
    {
        yield return CreateTable(table, Table(table), []);
        foreach (IReadOnlyList<string> index in table.Indexes)
        {
            yield return
                $"CREATE INDEX IF NOT EXISTS {Table($"{table.Name}_{string.Join('_', index)}")} ON {Table(table)} ({Names(index)})";
        }
    }

    public override string CreateView(string name, string select) => $"CREATE VIEW IF NOT EXISTS {Table(name)} AS\n{select}";

    public override IEnumerable<string> ReplaceView(string name, string select) =>
        [$"DROP VIEW IF EXISTS {Table(name)}", CreateView(name, select)];

    public override string ListViews => "SELECT name FROM sqlite_master WHERE type = 'view'";

    public override string ListViewColumns(string name) =>
        $"SELECT p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'view' AND m.name = '{TablePrefix}{name}'";

    public override string ByIndex(TableDefinition table, string alias, IReadOnlyList<string> index) =>
        $"{Table(table)} {alias} INDEXED BY {Table($"{table.Name}_{string.Join('_', index)}")}";

    public override string InOrder(TableDefinition table, string alias) => $"{Table(table)} {alias} NOT INDEXED";

    public override string JoinInOrder => "CROSS JOIN";

    public override string AreEqual(string one, string other) => $"{one} = {other}";

    public override string AreSame(string one, string other) => $"{one} IS {other}";

    public override string Earliest(IEnumerable<string> times) => $"MIN({string.Join(", ", times)})";

    public override string Literal(DateTime time) => $"'{ToParameter(time)}'";

    /// <summary>The statement that creates a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">Its name in quotes.</param>
    /// <param name="further">Further columns, as SQL.</param>
    public string CreateTable(TableDefinition table, string name, IEnumerable<string> further)
    {
        // A column "id INTEGER PRIMARY KEY" is SQLite's own row number, even where the row brings it.
        bool byId = table.PrimaryKey is ["id"];
        IEnumerable<string> columns = table.Columns
            .Where(c => c.Name != "id")
            .Select(c => $"{Quote(c.Name)} {TypeOf(c.Kind)}")
            .Concat(further);
        columns = byId
            ? columns.Prepend($"\"id\" INTEGER PRIMARY KEY{(table.NumbersItself ? " AUTOINCREMENT" : "")}")
            : columns.Append($"PRIMARY KEY ({Names(table.PrimaryKey)})");
        string storage = byId ? "" : " WITHOUT ROWID";
        return $"CREATE TABLE IF NOT EXISTS {name} (\n  {string.Join(",\n  ", columns)}\n){storage}";
    }

    public override string DeleteOldest(TableDefinition table, string time, int most) =>
        $"DELETE FROM {Table(table)} WHERE ({Names(table.PrimaryKey)}) IN (SELECT {Names(table.PrimaryKey)} FROM {Table(table)} "
        + $"WHERE {Quote(time)} < @before ORDER BY {Quote(time)} LIMIT {most})";

    public override async Task<SessionFacts> PrepareSessionAsync(DbConnection connection, bool isReader)
    {
        // With a write-ahead log readers never wait for the writer; FULL flushes it with every commit.
        DbCommand command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = "PRAGMA journal_mode = WAL";
            object? mode = await command.ExecuteScalarAsync().ConfigureAwait(false);
            if (mode is not "wal")
            {
                throw new InvalidOperationException(
                    $"The SQLite database cannot have a write-ahead log (journal_mode is {mode}). It must be a file on a local disk.");
            }

            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA synchronous";
            object? flushing = await command.ExecuteScalarAsync().ConfigureAwait(false);
            if (flushing is not 2L)
                throw new InvalidOperationException($"The SQLite database does not flush its commits (synchronous is {flushing}).");
        }

        return new SessionFacts(MaxValueBytes, TakesScripts: false);
    }

    public override DbType ParameterType(ColumnKind kind) =>
        kind == ColumnKind.Time ? DbType.String : base.ParameterType(kind);

    public override object ToParameter(object? value) => value is DateTime time
        ? time.ToString(TimeFormat, CultureInfo.InvariantCulture)
        : base.ToParameter(value);

    // The driver puts a replacement character where a text is no UTF-8; SQLite does not look at what it stores.
    public override object ValueOf(DbDataReader row, int column) =>
        row.GetValue(column) is var value && value is string text && text.Contains('\uFFFD')
            ? row.GetFieldValue<byte[]>(column)
            : value;

    public override FailureKind Classify(Exception exception) => exception is not SqliteException failure
        ? FailureKind.Store
        : failure.SqliteErrorCode switch
        {
            ConstraintFailed when failure.SqliteExtendedErrorCode is PrimaryKeyFailed => FailureKind.NumberTaken,
            ConstraintFailed or TooBig or Mismatch => FailureKind.Data,
            Busy or Locked => FailureKind.Repeat,
            Error or SchemaChanged when SchemaCreator.Tables.Any(t => IsNamed(failure, t.Name)) => FailureKind.MissingTable,
            Error => FailureKind.Statement,
            _ => FailureKind.Store,
        };

    public override Explanation Explain(Exception failure)
    {
        if (failure is not SqliteException { SqliteErrorCode: var code, SqliteExtendedErrorCode: var number })
            return new Explanation(0, failure is RefusedRowException ? failure.Message.TrimEnd('.') : failure.GetType().Name, "");

        // The words of a trigger are its own.
        bool namesOnly = code == ConstraintFailed && number != TriggerFailed;
        string words = string.Create(CultureInfo.InvariantCulture, $"error {number}{(namesOnly ? $": {failure.Message}" : "")}");
        return new Explanation(number, words, code == ConstraintFailed
            ? "A constraint or a trigger that JanusEvents did not make does not allow the row."
            : "");
    }

    public override Task<bool> IsInTransactionAsync(StoreConnection connection) =>
        Task.FromResult(raw.sqlite3_get_autocommit(((SqliteConnection)connection.Driver).Handle!) == 0);

    public static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer or ColumnKind.Boolean => "INTEGER",
        ColumnKind.Real => "REAL",
        ColumnKind.Key or ColumnKind.Name or ColumnKind.ShortText or ColumnKind.LongText or ColumnKind.Json or ColumnKind.Time => "TEXT",
        ColumnKind.Hash or ColumnKind.Guid or ColumnKind.Bytes => "BLOB",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // As in "no such table: main.sessions". One that a trigger wants is another.
    private bool IsNamed(SqliteException exception, string table) =>
        exception.Message.Contains($"no such table: {TablePrefix}{table}'", StringComparison.OrdinalIgnoreCase)
        || exception.Message.Contains($"no such table: main.{TablePrefix}{table}'", StringComparison.OrdinalIgnoreCase);

    private string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
