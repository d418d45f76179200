using System.Data;
using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>A connection that stays open for writing, with the statements that were prepared on it.</summary>
internal sealed class WriterConnection : IAsyncDisposable
{
    /// <summary>How many hashes <see cref="HashesOfBatchAsync"/> asks for at once.</summary>
    public const int HashesPerQuestion = 64;

    /// <summary>Ends a transaction.</summary>
    public const string Commit = "COMMIT";

    private readonly SqlDialect _dialect;
    private readonly Dictionary<(TableDefinition Table, string Verb), TableInsert> _inserts = [];
    private readonly Dictionary<string, DbCommand> _statements = [];
    private DbCommand? _begin;
    private DbCommand? _hashesOfBatch;

    private WriterConnection(DbConnection connection, SqlDialect dialect, long maxStatementBytes)
    {
        Connection = connection;
        _dialect = dialect;
        Script = dialect.IsServer ? new StatementScript(this, dialect) : null;
        MaxStatementBytes = maxStatementBytes;
    }

    public DbConnection Connection { get; }

    /// <summary>Takes statements that are sent together; null where there is no way to a server to be saved.</summary>
    public StatementScript? Script { get; }

    /// <summary>How the tables of events are laid out in the database.</summary>
    public IReadOnlyDictionary<EventTable, TableLayout> Layouts { get; set; } =
        EventTables.All.ToDictionary(t => t, TableLayout.Complete);

    /// <summary>The most bytes that one statement with its values may have.</summary>
    public long MaxStatementBytes { get; }

    public static async Task<WriterConnection> OpenAsync(
        DbDataSource dataSource,
        SqlDialect dialect,
        CancellationToken cancellationToken)
    {
        DbConnection connection = dataSource.CreateConnection();
        try
        {
            await connection.OpenInTimeAsync(cancellationToken).ConfigureAwait(false);
            long maxStatementBytes = await dialect.PrepareSessionAsync(connection, cancellationToken).ConfigureAwait(false);
            return new WriterConnection(connection, dialect, maxStatementBytes);
        }
        catch (Exception e)
        {
            // The drivers do not say which server or file it was.
            string place = connection.DataSource;
            bool opened = connection.State == ConnectionState.Open;
            await TimeLimits.CloseInTimeAsync(connection.DisposeAsync).ConfigureAwait(false);
            if (opened || e is not DbException)
                throw;
            throw new InvalidOperationException($"The database {place} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Whether it cannot be used any more, since nobody knows which transaction is open on it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Does something in a transaction. What fails is rolled back, or leaves a connection that is broken.</summary>
    public async Task InTransactionAsync(Func<Task> work)
    {
        // Statements, since MySql.Data's transactions take a round trip more to begin.
        _begin ??= _dialect.CreateBegin(Connection);
        await _begin.ExecuteNonQueryInTimeAsync().ConfigureAwait(false);
        await GuardAsync(async () =>
        {
            await work().ConfigureAwait(false);
            await Statement(Commit).ExecuteNonQueryInTimeAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Does something that begins a transaction and ends it by itself. What fails is rolled back, or leaves a connection that
    /// is broken.
    /// </summary>
    public async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A database that does not answer is not asked again.
            IsBroken = true;
            if (_dialect.Classify(e) != FailureKind.Store)
                IsBroken = !await TryRollBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The INSERT into a table that the database numbers by itself.</summary>
    public TableInsert InsertInto(TableDefinition table) => Insert(table, "INSERT INTO");

    /// <summary>The INSERT into a table that passes over rows that are there already.</summary>
    public TableInsert InsertNewInto(TableDefinition table) => Insert(table, _dialect.InsertOrIgnore);

    /// <summary>A statement with parameters that is used again and again, ready to be given its values.</summary>
    /// <param name="sql">The statement, made of the table definitions.</param>
    /// <param name="parameters">Each parameter's name, kind and value.</param>
    public DbCommand Statement(
        string sql,
        params ReadOnlySpan<(string Name, ColumnKind Kind, object? Value)> parameters)
    {
        if (!_statements.TryGetValue(sql, out DbCommand? command))
        {
            _statements.Add(sql, command = Connection.CreateWritingCommand());
#pragma warning disable CA2100 // The text is made of the table definitions, which no input reaches.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach ((string name, ColumnKind kind, _) in parameters)
                AddParameter(command, name, kind);
        }

        for (int i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = _dialect.ToParameter(parameters[i].Value);
        return command;
    }

    /// <summary>
    /// Asks which of <see cref="HashesPerQuestion"/> hashes a batch put there: the batch is the first parameter, the
    /// hashes are the others.
    /// </summary>
    public async Task<DbCommand> HashesOfBatchAsync()
    {
        if (_hashesOfBatch is not null)
            return _hashesOfBatch;

        DbCommand command = Connection.CreateWritingCommand();
        DbParameter batch = AddParameter(command, "@batch", ColumnKind.Integer);
        IEnumerable<string> hashes = Enumerable.Range(0, HashesPerQuestion)
            .Select(i => AddParameter(command, $"@h{i.ToString(CultureInfo.InvariantCulture)}", ColumnKind.Hash).ParameterName);
        command.CommandText =
            $"SELECT {_dialect.Quote("hash")} FROM {_dialect.Quote(BookkeepingTables.Hashes.Name)} " +
            $"WHERE {_dialect.Quote("batch")} = {batch.ParameterName} " +
            $"AND {_dialect.Quote("hash")} IN ({string.Join(", ", hashes)})";
        await command.PrepareInTimeAsync().ConfigureAwait(false);
        return _hashesOfBatch = command;
    }

    public DbParameter AddParameter(DbCommand command, string name, ColumnKind kind)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = _dialect.ParameterType(kind);
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Closes the connection; waits only shortly for a server that does not answer.</summary>
    public ValueTask DisposeAsync() => TimeLimits.CloseInTimeAsync(async () =>
    {
        foreach (TableInsert insert in _inserts.Values)
            insert.Dispose();
        foreach (DbCommand statement in _statements.Values)
            statement.Dispose();
        Script?.Dispose();
        _begin?.Dispose();
        _hashesOfBatch?.Dispose();
        await Connection.DisposeAsync().ConfigureAwait(false);
    });

    private async Task<bool> TryRollBackAsync()
    {
        try
        {
            await Statement("ROLLBACK").ExecuteNonQueryInTimeAsync().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // The failure that led here is the one to report.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private TableInsert Insert(TableDefinition table, string verb)
    {
        if (!_inserts.TryGetValue((table, verb), out TableInsert? insert))
            _inserts.Add((table, verb), insert = _dialect.CreateInsert(this, table, verb));
        return insert;
    }
}
