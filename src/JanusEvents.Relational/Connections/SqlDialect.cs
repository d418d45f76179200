using System.Data;
using System.Data.Common;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>The differences between kinds of databases.</summary>
internal abstract class SqlDialect
{
    /// <summary>Begins an INSERT that passes over rows whose primary key is there already.</summary>
    public abstract string InsertOrIgnore { get; }

    /// <summary>Makes what inserts rows into a table on a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="table">The table.</param>
    /// <param name="verb">How the statement begins: <c>INSERT INTO</c>, or <see cref="InsertOrIgnore"/>.</param>
    public abstract TableInsert CreateInsert(StoreConnection connection, TableDefinition table, string verb);

    /// <summary>How it changes tables that are there.</summary>
    public abstract SchemaDialect Schema { get; }

    /// <summary>Whether a driver talks to a server that may never answer; a file in this process does not hang.</summary>
    public virtual bool IsServer => true;

    /// <summary>How tables are partitioned by days; null where there are no partitions.</summary>
    public virtual PartitionSql? Partitions => null;

    /// <summary>A query that every database that works answers at once, whatever tables it has.</summary>
    public virtual string ShortQuestion => "SELECT 1";

    /// <summary>Puts a name into the database's quotes. Names come from the table definitions, never from input.</summary>
    public abstract string Quote(string name);

    /// <summary>The prefix of the names of the store's tables and views; empty for the published names.</summary>
    public string TablePrefix { get; init; } = "";

    /// <summary>The name of a table or view in the database, in quotes.</summary>
    public string Table(string name) => Quote(TablePrefix + name);

    /// <summary>The name of a table in the database, in quotes.</summary>
    public string Table(TableDefinition table) => Table(table.Name);

    /// <summary>The name by which the store knows a table of the database; null for one without the prefix, which is not the store's.</summary>
    public string? OwnName(string table) =>
        table.StartsWith(TablePrefix, StringComparison.OrdinalIgnoreCase) ? table[TablePrefix.Length..] : null;

    /// <summary>The statements that create a table and its indexes.</summary>
    public abstract IEnumerable<string> Create(TableDefinition table);

    /// <summary>The statement that removes the oldest rows of a table, those from before <c>@before</c>.</summary>
    /// <param name="table">The table.</param>
    /// <param name="time">The column that has the age of a row.</param>
    /// <param name="most">How many rows at the most, so that no lock is held for long.</param>
    public abstract string DeleteOldest(TableDefinition table, string time, int most);

    /// <summary>The statement that creates a view where there is none of its name.</summary>
    public abstract string CreateView(string name, string select);

    /// <summary>The statements that put a view in the place of the one that has its name.</summary>
    public abstract IEnumerable<string> ReplaceView(string name, string select);

    /// <summary>A query for the columns of a view, where <see cref="ListColumns"/> gives none of views; null where it does.</summary>
    public virtual string? ListViewColumns(string name) => null;

    /// <summary>A query for the names of the views that are there, which looks at none of them.</summary>
    public abstract string ListViews { get; }

    /// <summary>
    /// A table in a FROM, to be read by one of its indexes: what the optimizers know of the columns misleads them now and then.
    /// </summary>
    public abstract string ByIndex(TableDefinition table, string alias, IReadOnlyList<string> index);

    /// <summary>A table in a FROM, to be read in the order of its primary key, whatever else could find its rows.</summary>
    public abstract string InOrder(TableDefinition table, string alias);

    /// <summary>Joins two tables in a FROM so that the first is read first, in the order of its index.</summary>
    public abstract string JoinInOrder { get; }

    /// <summary>
    /// A condition that two texts are equal, character by character; an index serves it. Every comparison of names and ids that
    /// came from outside is made by this one or by <see cref="AreSame"/>.
    /// </summary>
    public abstract string AreEqual(string one, string other);

    /// <summary>A condition that two texts are equal, character by character, or that both are missing; an index serves it.</summary>
    public abstract string AreSame(string one, string other);

    /// <summary>The earliest of several times that are there.</summary>
    public abstract string Earliest(IEnumerable<string> times);

    /// <summary>A time as a constant of the database.</summary>
    public abstract string Literal(DateTime time);

    /// <summary>
    /// A query for the columns that are there: the table's name, the column's, its type, whether it belongs to the primary key (1
    /// or 0), how many digits of a second it keeps (null for columns without a time), and whether an INSERT that leaves it out puts
    /// something else than null there (1 or 0).
    /// </summary>
    public abstract string ListColumns { get; }

    /// <summary>
    /// A query for tables that know no transactions: the table's name, and what it is that knows none; null where there are no such
    /// tables.
    /// </summary>
    public virtual string? ListWithoutTransactions => null;

    /// <summary>Whether a column of a type, as <see cref="ListColumns"/> has it, holds values of a kind.</summary>
    public abstract bool Holds(string type, ColumnKind kind);

    /// <summary>The name of a connection's database, as people know it.</summary>
    public virtual string DatabaseOf(DbConnection connection) => connection.Database;

    /// <summary>
    /// Prepares the session of a connection that was just opened, whatever the server's settings are: for writing, or for
    /// reading, where each statement sees what is committed then and nothing is held between two of them.
    /// </summary>
    public abstract Task<SessionFacts> PrepareSessionAsync(DbConnection connection, bool isReader);

    /// <summary>
    /// Creates a connection that is not open yet. One for writing is never taken from a pool: when it fails, another is opened
    /// instead, and nobody gets its session.
    /// </summary>
    public virtual DbConnection CreateConnection(DbDataSource dataSource, bool isReader) => dataSource.CreateConnection();

    /// <summary>Begins a transaction, in the isolation of the session.</summary>
    public virtual string Begin => "START TRANSACTION";

    /// <summary>Begins one of which <see cref="IsInTransactionAsync"/> can report whether it is still open.</summary>
    public virtual string BeginMarked => Begin;

    /// <summary>Whether the transaction that <see cref="BeginMarked"/> began is still open after a statement in it has failed.</summary>
    public abstract Task<bool> IsInTransactionAsync(StoreConnection connection);

    /// <summary>
    /// The text of a failure without a value of a row, which may be in the database's message: the number of the error with words,
    /// and what may be done about it.
    /// </summary>
    public abstract Explanation Explain(Exception failure);

    /// <summary>How long <see cref="Begin"/> waits, in seconds; null as long as any other statement.</summary>
    public virtual int? BeginSeconds => null;

    /// <summary>The type that a parameter for a column has. Every parameter is given one.</summary>
    public virtual DbType ParameterType(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => DbType.Int64,
        ColumnKind.Boolean => DbType.Boolean,
        ColumnKind.Real => DbType.Double,
        ColumnKind.Key or ColumnKind.Name or ColumnKind.ShortText or ColumnKind.LongText or ColumnKind.Json => DbType.String,
        ColumnKind.Time => DbType.DateTime,
        ColumnKind.Day => DbType.Date,
        ColumnKind.Hash or ColumnKind.Guid or ColumnKind.Bytes => DbType.Binary,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The expression for a column of times, without those that no <see cref="DateTime"/> can be.</summary>
    public virtual string ReadTime(string column) => column;

    /// <summary>A value that was read, with nothing of it replaced or left out.</summary>
    public virtual object ValueOf(DbDataReader row, int column) => row.GetValue(column);

    /// <summary>A value as the driver wants it; never null.</summary>
    public virtual object ToParameter(object? value) => value ?? DBNull.Value;

    /// <summary>The meaning of a failure for the data being written.</summary>
    public abstract FailureKind Classify(Exception exception);

    /// <summary>Whether a connection is of no further use after a failure.</summary>
    public virtual bool EndsSession(DbConnection connection, Exception exception) => Classify(exception) == FailureKind.Store;

    /// <summary>
    /// After a failure that says that another server is to be asked: makes sure that no pool gives out connections to this one.
    /// </summary>
    public virtual Task LeaveServerAsync(DbConnection connection, Exception exception) => Task.CompletedTask;

    /// <summary>
    /// The database's own time in so many seconds, which all hosts share, as SQL; null where only one may write at a time.
    /// </summary>
    public virtual string? TimeIn(int seconds) => null;
}

/// <summary>The facts that a session of a database reports when it is opened.</summary>
/// <param name="MaxStatementBytes">The most bytes that one statement with its values may have.</param>
/// <param name="TakesScripts">
/// Whether several statements may be sent as one text: they fail together, and that saves ways to a server.
/// </param>
internal readonly record struct SessionFacts(long MaxStatementBytes, bool TakesScripts);
