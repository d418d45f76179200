using System.Data;
using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using MySqlConnector;

namespace JanusEvents.MySql;

/// <summary>MySQL and MariaDB.</summary>
internal sealed class MySqlDialect : SqlDialect
{
    private const int PrepareSeconds = 5;
    private const string Mark = "SAVEPOINT begun";

    // How long the driver may take to close a connection that has been idle for too long.
    private const uint ClosingSeconds = 120;

    /// <summary>
    /// The settings of a session under which our statements mean what they say, whatever those of the server are. Strict: a value
    /// must be refused rather than cut. Each statement outside of a transaction is committed, and sees what others committed. No
    /// row is left out, no DELETE refused, no statement ended after a time, no NULL taken for the number of the row before. Messages
    /// are English, since they are looked at for the names of keys and tables. A table that is being altered is not
    /// waited for: a connection that is left behind would stand there until that is done. And MySQL 5.6 would intersect the
    /// index by session with the whole primary key.
    /// </summary>
    private const string SetSession =
        "SET NAMES utf8mb4; SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', autocommit = 1, "
        + "sql_auto_is_null = 0, sql_safe_updates = 0, sql_select_limit = 18446744073709551615, sql_big_selects = 1, "
        + "innodb_lock_wait_timeout = 3, lock_wait_timeout = 3, optimizer_switch = 'index_merge_intersection=off', "
        + "lc_messages = 'en_US' /*M!100100 , max_statement_time = 0 */ /*!50708 , max_execution_time = 0 */; "
        + "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

    // The part of a packet beside the values that were counted.
    private const long PacketMargin = 64 * 1024;

    private readonly MySqlSchemaDialect _schema;
    private readonly MySqlPartitions _partitions;

    /// <summary>Whether the server is a node of a cluster; null to ask it.</summary>
    private readonly bool? _isClusterNode;

    // In milliseconds of TickCount64.
    private long _avoidsPoolUntil;

    public MySqlDialect(bool? isClusterNode = null)
    {
        _schema = new MySqlSchemaDialect(this);
        _partitions = new MySqlPartitions(this);
        _isClusterNode = isClusterNode;
    }

    public override SchemaDialect Schema => _schema;

    public override string InsertOrIgnore => "INSERT IGNORE INTO";

    public override string ListColumns =>
        // MariaDB has the word NULL where there is no default.
        "SELECT table_name, column_name, data_type, column_key = 'PRI', datetime_precision, COALESCE(column_default, 'NULL') <> 'NULL' "
        + "FROM information_schema.columns WHERE table_schema = DATABASE()";

    public override string ListWithoutTransactions =>
        "SELECT t.table_name, t.engine FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' "
        + "AND t.engine IN (SELECT e.engine FROM information_schema.engines e WHERE COALESCE(e.transactions, 'NO') <> 'YES')";

    public override bool Holds(string type, ColumnKind kind) => kind switch
    {
        ColumnKind.Integer or ColumnKind.Boolean => type.EndsWith("int", StringComparison.OrdinalIgnoreCase),
        ColumnKind.Real => type.Equals("double", StringComparison.OrdinalIgnoreCase),
        ColumnKind.Time => type.ToLowerInvariant() is "datetime" or "timestamp",
        ColumnKind.Day => type.Equals("date", StringComparison.OrdinalIgnoreCase),
        ColumnKind.Hash or ColumnKind.Guid or ColumnKind.Bytes =>
            type.EndsWith("binary", StringComparison.OrdinalIgnoreCase) || type.EndsWith("blob", StringComparison.OrdinalIgnoreCase),
        _ => type.EndsWith("char", StringComparison.OrdinalIgnoreCase) || type.EndsWith("text", StringComparison.OrdinalIgnoreCase),
    };

    public override PartitionSql Partitions => _partitions;

    public override TableInsert CreateInsert(StoreConnection connection, TableDefinition table, string verb) =>
        new PreparedInsert(connection, table, verb);

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
            $"CREATE TABLE IF NOT EXISTS {Table(table)} (\n  {string.Join(",\n  ", columns.Concat(keys))}\n) " +
            "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    }

    // With the rights of the caller: the account that created it may be gone some day.
    public override string CreateView(string name, string select) =>
        $"CREATE OR REPLACE SQL SECURITY INVOKER VIEW {Table(name)} AS\n{select}";

    public override IEnumerable<string> ReplaceView(string name, string select) => [CreateView(name, select)];

    // Without the columns of a view, for which the server would plan it: the first releases take seconds for that.
    public override string ListViews =>
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'VIEW'";

    public override string ByIndex(TableDefinition table, string alias, IReadOnlyList<string> index) =>
        $"{Table(table)} {alias} FORCE INDEX ({Quote(string.Join('_', index))})";

    public override string InOrder(TableDefinition table, string alias) => $"{Table(table)} {alias} FORCE INDEX (PRIMARY)";

    public override string JoinInOrder => "STRAIGHT_JOIN";

    // utf8mb4_bin passes over blanks at the end, and over nothing else; MySQL 5.6 has no collation that does not.
    public override string AreEqual(string one, string other) => $"({one} = {other} AND LENGTH({one}) = LENGTH({other}))";

    public override string AreSame(string one, string other) => $"({one} <=> {other} AND LENGTH({one}) <=> LENGTH({other}))";

    public override string Earliest(IEnumerable<string> times) => $"LEAST({string.Join(", ", times)})";

    public override string Literal(DateTime time) =>
        string.Create(CultureInfo.InvariantCulture, $"CAST('{time:yyyy-MM-dd HH:mm:ss}' AS DATETIME(6))");

    public override string DeleteOldest(TableDefinition table, string time, int most) =>
        $"DELETE FROM {Table(table)} WHERE {Quote(time)} < @before ORDER BY {Quote(time)} LIMIT {most}";

    public override async Task<SessionFacts> PrepareSessionAsync(DbConnection connection, bool isReader)
    {
        MySqlCommand command = ((MySqlConnection)connection).CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandTimeout = PrepareSeconds;
            command.CommandText = SetSession;
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            if (isReader)
                return default;

            Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
            command.CommandText = "SHOW SESSION VARIABLES WHERE Variable_name IN ('max_allowed_packet', 'wsrep_on', 'log_bin', 'binlog_format')";
            MySqlDataReader reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                    settings.Add(reader.GetString(0), reader.GetString(1));
            }

            bool isNode = _isClusterNode ?? settings.GetValueOrDefault("wsrep_on") is "ON" or "1";
            if (isNode && _isClusterNode is null)
            {
                // A reader of numbers must see what another node committed.
                command.CommandText = "SET SESSION wsrep_sync_wait = 1";
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }

            if (settings.GetValueOrDefault("log_bin") is "ON" or "1" && settings.GetValueOrDefault("binlog_format") is "STATEMENT")
            {
                // Such a binary log takes no READ COMMITTED.
                command.CommandText = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ";
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }

            // A node that loses a transaction to another one between two statements of one text goes on with the rest of it
            // outside of any transaction, and reports success.
            long packet = long.Parse(settings["max_allowed_packet"], CultureInfo.InvariantCulture);
            return new SessionFacts(Math.Max(packet / 2, packet - PacketMargin), TakesScripts: !isNode);
        }
    }

    public override DbConnection CreateConnection(DbDataSource dataSource, bool isReader) =>
        isReader && Environment.TickCount64 >= Interlocked.Read(ref _avoidsPoolUntil)
            ? dataSource.CreateConnection()
            : MySqlSources.CreateForWriting((MySqlDataSource)dataSource);

    public override bool EndsSession(DbConnection connection, Exception exception) =>
        connection.State != ConnectionState.Open || ServerError.Of(exception) is not { } e || ServerError.EndsSession(e.Number, e.Message);

    // The driver can empty the pool of a connection string, but not that of a data source: readers have connections of their own
    // until all that are idle in it have been closed.
    public override Task LeaveServerAsync(DbConnection connection, Exception exception)
    {
        if (ServerError.Of(exception) is { } e && ServerError.IsAboutServer(e.Number, e.Message))
        {
            uint idle = new MySqlConnectionStringBuilder(connection.ConnectionString).ConnectionIdleTimeout;
            Interlocked.Exchange(ref _avoidsPoolUntil, idle == 0 ? long.MaxValue : Environment.TickCount64 + ((idle + ClosingSeconds) * 1000L));
        }

        return Task.CompletedTask;
    }

    public override string TimeIn(int seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND");

    // A time without a kind is taken as it is, whatever the driver's DateTimeKind.
    public override object ToParameter(object? value) =>
        value is DateTime { Kind: not DateTimeKind.Unspecified } time ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : base.ToParameter(value);

    // Rows of before an upgrade may have times such as 0000-00-00 or 2016-02-31, of which drivers make an exception.
    public override string ReadTime(string column) =>
        $"CASE WHEN DAYOFMONTH({column}) BETWEEN 1 AND DAYOFMONTH(LAST_DAY({column})) THEN {column} END";

    public override FailureKind Classify(Exception exception) => ServerError.NumberOf(exception) switch
    {
        ServerError.LockDeadlock or ServerError.LockWaitTimeout or ServerError.RecordChanged or ServerError.TableChanged
            or ServerError.RolledBackByGroup => FailureKind.Repeat,
        ServerError.NoSuchTable when SchemaCreator.Tables.Any(t => IsNamed(exception, t.Name)) => FailureKind.MissingTable,
        ServerError.DuplicateKey when ServerError.IsPrimaryKey(exception.Message) => FailureKind.NumberTaken,
        { } number when ServerError.IsAboutData(number) => FailureKind.Data,
        { } number when !ServerError.IsOutage(number) => FailureKind.Statement,
        _ => FailureKind.Store,
    };

    public override Explanation Explain(Exception failure)
    {
        if (ServerError.NumberOf(failure) is not { } number)
            return new Explanation(0, failure is RefusedRowException ? failure.Message.TrimEnd('.') : failure.GetType().Name, "");

        string words = string.Create(CultureInfo.InvariantCulture, $"error {number}");
        if (ServerError.NamesOnly(number))
            words += $": {failure.Message}";
        return new Explanation(number, words, ServerError.RemedyOf(number));
    }

    public override string BeginMarked => $"{Begin}; {Mark}";

    // A savepoint goes with its transaction.
    public override async Task<bool> IsInTransactionAsync(StoreConnection connection)
    {
        try
        {
            await connection.ExecuteAsync("RELEASE SAVEPOINT begun").ConfigureAwait(false);
            await connection.ExecuteAsync(Mark).ConfigureAwait(false);
            return true;
        }
        catch (MySqlException e) when (e.Number == ServerError.NoSuchSavepoint)
        {
            return false;
        }
    }

    public static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => "BIGINT",
        ColumnKind.Boolean => "BOOLEAN",
        ColumnKind.Real => "DOUBLE",
        ColumnKind.ShortText => $"VARCHAR({TableColumn.ShortTextLength})",
        ColumnKind.Key => $"VARCHAR({TableColumn.KeyLength})",
        ColumnKind.Name => $"VARCHAR({TableColumn.NameLength})",
        ColumnKind.LongText or ColumnKind.Json => "LONGTEXT",
        ColumnKind.Time => "DATETIME(6)",
        ColumnKind.Hash => "BINARY(32)",
        ColumnKind.Day => string.Create(CultureInfo.InvariantCulture, $"DATE DEFAULT '{PartitionSql.NoDay:yyyy-MM-dd}'"),
        ColumnKind.Guid => "BINARY(16)",
        ColumnKind.Bytes => "LONGBLOB",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // As in "Table 'janus.sessions' doesn't exist". One that a trigger wants is another.
    private bool IsNamed(Exception exception, string table) =>
        exception.Message.Contains($".{TablePrefix}{table}'", StringComparison.OrdinalIgnoreCase);

    private string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
