using System.Data;
using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational;
using JanusEvents.Relational.Retention;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Writing;

namespace JanusEvents.MySql;

/// <summary>MySQL and MariaDB, by whatever driver.</summary>
internal sealed class MySqlDialect : SqlDialect
{
    // What a packet needs beside the values that were counted.
    private const long PacketMargin = 64 * 1024;

    private readonly MySqlSchemaDialect _schema;

    public MySqlDialect() => _schema = new MySqlSchemaDialect(this);

    public override SchemaDialect Schema => _schema;

    public override string InsertOrIgnore => "INSERT IGNORE INTO";

    public override string ListColumns =>
        // MariaDB has the word NULL where there is no default.
        "SELECT table_name, column_name, datetime_precision, COALESCE(column_default, 'NULL') <> 'NULL' "
        + "FROM information_schema.columns WHERE table_schema = DATABASE()";

    public override PartitionSql Partitions { get; } = new MySqlPartitions();

    // A lock belongs to the server, not to a database; its name may have 64 characters.
    public override string TakeTurn => "SELECT GET_LOCK(CONCAT('janusevents.retention.', SHA1(DATABASE())), 0)";

    public override string LeaveTurn => "SELECT RELEASE_LOCK(CONCAT('janusevents.retention.', SHA1(DATABASE())))";

    public override TableInsert CreateInsert(WriterConnection connection, TableDefinition table, string verb) =>
        new PreparedInsert(connection, this, table, verb);

    public override string Quote(string name) => $"`{name}`";

    public override IEnumerable<string> Create(TableDefinition table)
    {
        // Rows that somebody else adds, as with the published tables, find a number by themselves.
        const string Number = "`id` BIGINT NOT NULL AUTO_INCREMENT";
        IEnumerable<string> columns = table.Columns.Select(c => c.Name == "id"
            ? Number
            : $"{Quote(c.Name)} {TypeOf(c.Kind)} {(table.PrimaryKey.Contains(c.Name) ? "NOT NULL" : "NULL")}");
        if (table.NumbersItself)
            columns = columns.Prepend(Number);

        IEnumerable<string> keys = table.Indexes
            .Select(index => $"KEY `{string.Join('_', index)}` ({Names(index)})")
            .Prepend($"PRIMARY KEY ({Names(table.PrimaryKey)})");
        yield return
            $"CREATE TABLE IF NOT EXISTS {Quote(table.Name)} (\n  {string.Join(",\n  ", columns.Concat(keys))}\n) " +
            "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    }

    // With the rights of whoever asks: the account that made it may be gone some day.
    public override string CreateView(string name, string select) =>
        $"CREATE OR REPLACE SQL SECURITY INVOKER VIEW {Quote(name)} AS\n{select}";

    public override string ByIndex(TableDefinition table, string alias, IReadOnlyList<string> index) =>
        $"{table.Name} {alias} FORCE INDEX ({Quote(string.Join('_', index))})";

    public override string InOrder(TableDefinition table, string alias) => $"{Quote(table.Name)} {alias} FORCE INDEX (PRIMARY)";

    public override string JoinInOrder => "STRAIGHT_JOIN";

    public override string AreSame(string one, string other) => $"{one} <=> {other}";

    public override string Earliest(IEnumerable<string> times) => $"LEAST({string.Join(", ", times)})";

    public override string Literal(DateTime time) =>
        string.Create(CultureInfo.InvariantCulture, $"CAST('{time:yyyy-MM-dd HH:mm:ss}' AS DATETIME(6))");

    public override string DeleteOldest(TableDefinition table, string key, string time, int most) =>
        $"DELETE FROM {Quote(table.Name)} WHERE {Quote(time)} < @before ORDER BY {Quote(time)} LIMIT {most}";

    public override async Task<long> PrepareSessionAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await PrepareAsync(connection, "", cancellationToken).ConfigureAwait(false);
        object? packet = await ScalarAsync(connection, "SELECT @@max_allowed_packet", cancellationToken).ConfigureAwait(false);
        long bytes = Convert.ToInt64(packet, CultureInfo.InvariantCulture);
        return Math.Max(bytes / 2, bytes - PacketMargin);
    }

    // A server may have been told not to commit by itself: a reader would stay in the transaction of its first statement.
    public override Task PrepareReadingAsync(DbConnection connection, CancellationToken cancellationToken) =>
        PrepareAsync(connection, ", autocommit = 1", cancellationToken);

    private async Task PrepareAsync(DbConnection connection, string further, CancellationToken cancellationToken)
    {
        // Strict for these sessions whatever the server's mode is: a value must be refused rather than cut. A table that is
        // being altered is not waited for either: a connection that is left behind would stand there until that is done.
        // A transaction sees what others committed, so that it locks no gaps between their rows. And MySQL 5.6 would intersect the index by session with the whole primary key.
        await ExecuteAsync(
            connection,
            "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', " +
            "innodb_lock_wait_timeout = 3, lock_wait_timeout = 3, optimizer_switch = 'index_merge_intersection=off'" + further,
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", cancellationToken).ConfigureAwait(false);
        await CheckTextAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    // Rows of before an upgrade may have times such as 0000-00-00 or 2016-02-31, of which drivers make an exception.
    public override string ReadTime(string column) =>
        $"CASE WHEN DAYOFMONTH({column}) BETWEEN 1 AND DAYOFMONTH(LAST_DAY({column})) THEN {column} END";

    public override FailureKind Classify(Exception exception) => ServerError.NumberOf(exception) switch
    {
        ServerError.LockDeadlock or ServerError.LockWaitTimeout or ServerError.RecordChanged or ServerError.TableChanged => FailureKind.Repeat,
        ServerError.NoSuchTable => FailureKind.MissingTable,
        ServerError.DuplicateKey => FailureKind.NumberTaken,
        { } number when ServerError.IsAboutData(number) => FailureKind.Data,
        _ => FailureKind.Store,
    };

    /// <summary>
    /// Makes sure that the driver sends text as utf8mb4: one that was told nothing on a server with another default
    /// stores question marks.
    /// </summary>
    private async Task CheckTextAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        DbCommand command = connection.CreateWritingCommand();
        using (command)
        {
            command.CommandText = "SELECT HEX(@text)";
            DbParameter text = command.CreateParameter();
            text.ParameterName = "@text";
            text.DbType = ParameterType(ColumnKind.ShortText);
            text.Value = "✓\U0001F600";
            command.Parameters.Add(text);
            object? hex = await command.ExecuteScalarInTimeAsync(cancellationToken).ConfigureAwait(false);
            if (hex as string != "E29C93F09F9880")
            {
                throw new InvalidOperationException(
                    "The MySQL driver does not send text as utf8mb4. Add \"Character Set=utf8mb4\" to the connection string.");
            }
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        DbCommand command = Command(connection, sql);
        using (command)
            await command.ExecuteNonQueryInTimeAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<object?> ScalarAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        DbCommand command = Command(connection, sql);
        using (command)
            return await command.ExecuteScalarInTimeAsync(cancellationToken).ConfigureAwait(false);
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        DbCommand command = connection.CreateWritingCommand();
#pragma warning disable CA2100 // Called with the constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    public static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => "BIGINT",
        ColumnKind.Boolean => "BOOLEAN",
        ColumnKind.ShortText => $"VARCHAR({TableColumn.ShortTextLength})",
        ColumnKind.Key => "VARCHAR(30)",
        ColumnKind.Name => $"VARCHAR({TableColumn.NameLength})",
        ColumnKind.LongText or ColumnKind.Json => "LONGTEXT",
        ColumnKind.Time => "DATETIME(6)",
        ColumnKind.Hash => "BINARY(32)",
        ColumnKind.Day => string.Create(CultureInfo.InvariantCulture, $"DATE DEFAULT '{PartitionSql.NoDay:yyyy-MM-dd}'"),
        ColumnKind.Guid => "BINARY(16)",
        ColumnKind.Bytes => "LONGBLOB",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
