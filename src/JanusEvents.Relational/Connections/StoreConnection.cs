using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Transactions;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>
/// An open connection with the statements that were prepared on it. Every call of the driver goes through here, so that every
/// call has a limit: a driver bounds the wait for an answer, but not the sending of a statement. A call that exceeds its limit
/// is left behind, and the connection is of no further use. Used by one caller at a time.
/// </summary>
/// <remarks>The drivers of servers are asynchronous; that of SQLite does its work on the thread that calls.</remarks>
internal sealed class StoreConnection : IAsyncDisposable
{
    // Below the time in which Janus wants its answer.
    private const int WritingSeconds = 5;

    // A page of a table that no index helps to find.
    private const int ReadingSeconds = 60;

    // A table that others use, or a disk that is busy, can keep a CREATE TABLE waiting for long.
    private const int DefiningSeconds = 300;

    private static readonly TimeSpan s_opening = TimeSpan.FromSeconds(WritingSeconds + 1);
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_watching = TimeSpan.FromSeconds(10);

    // How much later than the driver the guard gives up.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private readonly DbConnection _connection;
    private readonly Dictionary<(TableDefinition Table, string Verb), TableInsert> _inserts = [];
    private readonly Dictionary<(string Sql, int Seconds), DbCommand> _statements = [];
    private long _began;
    private TimeSpan? _limit;
    private bool _isLeftBehind;

    private StoreConnection(DbConnection connection, SqlDialect dialect, SessionFacts session)
    {
        _connection = connection;
        Dialect = dialect;
        MaxStatementBytes = session.MaxStatementBytes;
        Script = session.TakesScripts ? new StatementScript(this) : null;
    }

    public SqlDialect Dialect { get; }

    /// <summary>The driver's connection, for what only the database's own package does with it.</summary>
    public DbConnection Driver => _connection;

    /// <summary>Takes statements that are sent together; null where that saves nothing, or is not safe.</summary>
    public StatementScript? Script { get; }

    /// <summary>The most bytes that one statement with its values may have.</summary>
    public long MaxStatementBytes { get; }

    /// <summary>Whether it is of no further use: a call did not end, or the state of its session is unknown.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Opens a connection. One that opens after its limit is closed then.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="dialect">The kind of database.</param>
    /// <param name="cancellationToken">Ends it before it begins.</param>
    /// <param name="isReader">Whether it is for reading only.</param>
    /// <exception cref="InvalidOperationException">The database cannot be opened; the message names it.</exception>
    public static async Task<StoreConnection> OpenAsync(
        DbDataSource dataSource,
        SqlDialect dialect,
        CancellationToken cancellationToken,
        bool isReader = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DbConnection connection = dialect.CreateConnection(dataSource, isReader);
        string place = connection.DataSource;
        Task opening = OpenAsync(connection);
        try
        {
            await WithinAsync(opening, s_opening).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _ = opening.ContinueWith(
                _ => CloseAsync(connection).AsTask(),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);

            // The drivers do not report which server or file it was.
            throw new InvalidOperationException($"The database {place} cannot be opened: {e.Message} {dialect.Explain(e).Remedy}".TrimEnd(), e);
        }

        try
        {
            SessionFacts session = await WithinAsync(dialect.PrepareSessionAsync(connection, isReader), s_opening).ConfigureAwait(false);
            return new StoreConnection(connection, dialect, session);
        }
        catch (Exception e)
        {
            await LeaveServerAsync(connection, dialect, e).ConfigureAwait(false);
            await CloseAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes sure that it is not used again: another connection may fare better.</summary>
    public void Discard() => IsBroken = true;

    /// <summary>Bounds all that follows together, until it is called again.</summary>
    public void LimitTo(TimeSpan limit) => (_began, _limit) = (Stopwatch.GetTimestamp(), limit);

    /// <summary>The INSERT into a table.</summary>
    public TableInsert InsertInto(TableDefinition table) => Insert(table, "INSERT INTO");

    /// <summary>The INSERT into a table that skips rows whose key is there already.</summary>
    public TableInsert InsertNewInto(TableDefinition table) => Insert(table, Dialect.InsertOrIgnore);

    /// <summary>Begins a transaction.</summary>
    /// <param name="script">Takes its statements and sends them together; null to send each by itself.</param>
    public async Task<StoreTransaction> BeginAsync(StatementScript? script = null)
    {
        if (script is null)
            await ExecuteAsync(Statement(Dialect.BeginMarked, Dialect.BeginSeconds ?? WritingSeconds, [])).ConfigureAwait(false);
        else
            script.Begin(Dialect.Begin);
        return new StoreTransaction(this, script);
    }

    /// <summary>Runs a statement that reads or writes a few rows.</summary>
    /// <param name="sql">The statement, made of the table definitions; no input reaches it.</param>
    /// <param name="parameters">Each parameter's name, kind and value.</param>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(string sql, params ReadOnlySpan<(string Name, ColumnKind Kind, object? Value)> parameters) =>
        ExecuteAsync(Statement(sql, WritingSeconds, parameters));

    /// <summary>Runs a query for one value.</summary>
    /// <param name="sql">The query, made of the table definitions; no input reaches it.</param>
    /// <param name="parameters">Each parameter's name, kind and value.</param>
    /// <returns>The value; null where there is none.</returns>
    public Task<object?> ScalarAsync(string sql, params ReadOnlySpan<(string Name, ColumnKind Kind, object? Value)> parameters) =>
        ScalarAsync(Statement(sql, WritingSeconds, parameters));

    /// <summary>Runs a query for one whole number; null where there is none.</summary>
    public Task<long?> NumberAsync(string sql, params ReadOnlySpan<(string Name, ColumnKind Kind, object? Value)> parameters) =>
        NumberAsync(Statement(sql, WritingSeconds, parameters));

    /// <summary>Runs a query for one whole number that may look at a whole table; null where there is none.</summary>
    public Task<long?> SlowNumberAsync(string sql) => NumberAsync(Statement(sql, DefiningSeconds, []));

    /// <summary>Runs a query for a few rows.</summary>
    public Task<List<T>> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> row,
        params ReadOnlySpan<(string Name, ColumnKind Kind, object? Value)> parameters) =>
        QueryAsync(Statement(sql, WritingSeconds, parameters), row);

    /// <summary>Runs a query for rows that no index may help to find.</summary>
    public Task<List<T>> SlowQueryAsync<T>(string sql, Func<DbDataReader, T> row) => QueryAsync(Statement(sql, DefiningSeconds, []), row);

    /// <summary>Runs a statement that creates or changes something; others who use it keep it waiting.</summary>
    public Task DefineAsync(string sql) => ExecuteAsync(Statement(sql, DefiningSeconds, []));

    /// <summary>Runs a statement that may take hours: only <paramref name="watch"/> bounds it.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="watch">Called every ten seconds; throws when the server does not work on the statement any more.</param>
    public async Task AlterAsync(string sql, Func<Task> watch)
    {
        Task<int> call = Statement(sql, seconds: 0, []).ExecuteNonQueryAsync(CancellationToken.None);
        try
        {
            while (await Task.WhenAny(call, Task.Delay(s_watching)).ConfigureAwait(false) != call)
                await watch().ConfigureAwait(false);
        }
        catch
        {
            IsBroken = _isLeftBehind = true;
            Abandon(call);
            throw;
        }

        await call.ConfigureAwait(false);
    }

    /// <summary>Creates a command that reads a page of rows.</summary>
    public DbCommand CreateReading() => Create("", ReadingSeconds);

    /// <summary>Creates a command that reads or writes a few rows.</summary>
    public DbCommand CreateWriting() => Create("", WritingSeconds);

    /// <summary>Adds a parameter to a command.</summary>
    public DbParameter AddParameter(DbCommand command, string name, ColumnKind kind, object? value = null)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = Dialect.ParameterType(kind);
        parameter.Value = Dialect.ToParameter(value);
        command.Parameters.Add(parameter);
        return parameter;
    }

    public Task PrepareAsync(DbCommand command) => GuardAsync(PreparedAsync(command), command);

    public Task<int> ExecuteAsync(DbCommand command) => GuardAsync(command.ExecuteNonQueryAsync(CancellationToken.None), command);

    public Task<DbDataReader> ReadAsync(DbCommand command) => GuardAsync(command.ExecuteReaderAsync(CancellationToken.None), command);

    /// <summary>Goes on to the next row of what a command found.</summary>
    public Task<bool> NextAsync(DbDataReader reader, DbCommand command) => GuardAsync(reader.ReadAsync(CancellationToken.None), command);

    /// <summary>Goes on to what the next statement of a command found.</summary>
    public Task<bool> NextResultAsync(DbDataReader reader, DbCommand command) =>
        GuardAsync(reader.NextResultAsync(CancellationToken.None), command);

    /// <summary>Closes what a command found, unless the database has not answered.</summary>
    public async ValueTask CloseAsync(DbDataReader reader)
    {
        if (!_isLeftBehind)
            await reader.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Undoes the transaction that is open, or leaves a connection that is broken.</summary>
    public async Task RollBackAsync()
    {
        // A database that does not answer is not asked again.
        if (_isLeftBehind)
            return;

        try
        {
            await ExecuteAsync("ROLLBACK").ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The failure that led here is the one to report.
        catch (Exception)
#pragma warning restore CA1031
        {
            IsBroken = true;
        }
    }

    /// <summary>Closes the connection; waits only shortly for a server that does not answer.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (TableInsert insert in _inserts.Values)
            insert.Dispose();
        foreach (DbCommand statement in _statements.Values)
            statement.Dispose();
        Script?.Dispose();
        return CloseAsync(_connection);
    }

    private static async Task OpenAsync(DbConnection connection)
    {
        // Not part of the caller's transaction, if there is one.
        using TransactionScope alone = new(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        await connection.OpenAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static ValueTask CloseAsync(DbConnection connection) => ShortlyAsync(connection.DisposeAsync().AsTask());

    private static ValueTask LeaveServerAsync(DbConnection connection, SqlDialect dialect, Exception failure) =>
        ShortlyAsync(dialect.LeaveServerAsync(connection, failure));

    /// <summary>Waits for the end of what a server that does not answer may keep waiting.</summary>
    private static async ValueTask ShortlyAsync(Task ending)
    {
        await ending.WaitAsync(s_closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ending.IsCompleted)
            Abandon(ending);
    }

    private TableInsert Insert(TableDefinition table, string verb)
    {
        if (!_inserts.TryGetValue((table, verb), out TableInsert? insert))
            _inserts.Add((table, verb), insert = Dialect.CreateInsert(this, table, verb));
        return insert;
    }

    /// <summary>A statement that is used again and again, with its values.</summary>
    private DbCommand Statement(string sql, int seconds, ReadOnlySpan<(string Name, ColumnKind Kind, object? Value)> parameters)
    {
        if (!_statements.TryGetValue((sql, seconds), out DbCommand? command))
        {
            _statements.Add((sql, seconds), command = Create(sql, seconds));
            foreach ((string name, ColumnKind kind, _) in parameters)
                AddParameter(command, name, kind);
        }

        for (int i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = Dialect.ToParameter(parameters[i].Value);
        return command;
    }

    private DbCommand Create(string sql, int seconds)
    {
        DbCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is made of the table definitions, which no input reaches; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = seconds;
        return command;
    }

    private Task<object?> ScalarAsync(DbCommand command) => GuardAsync(command.ExecuteScalarAsync(CancellationToken.None), command);

    private async Task<long?> NumberAsync(DbCommand command) =>
        await ScalarAsync(command).ConfigureAwait(false) is not DBNull and { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    /// <summary>Reads all rows that a command finds.</summary>
    public async Task<List<T>> QueryAsync<T>(DbCommand command, Func<DbDataReader, T> row)
    {
        List<T> rows = [];
        DbDataReader reader = await ReadAsync(command).ConfigureAwait(false);
        try
        {
            while (await NextAsync(reader, command).ConfigureAwait(false))
                rows.Add(row(reader));
        }
        finally
        {
            await CloseAsync(reader).ConfigureAwait(false);
        }

        return rows;
    }

    private static async Task<bool> PreparedAsync(DbCommand command)
    {
        await command.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits for a call of the driver, within its limit and that of the work that it belongs to.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    private Task<T> GuardAsync<T>(Task<T> call, DbCommand command) =>
        call.IsCompletedSuccessfully ? call : AwaitAsync(call, TimeSpan.FromSeconds(command.CommandTimeout) + s_grace);

    private async Task<T> AwaitAsync<T>(Task<T> call, TimeSpan limit)
    {
        if (_limit is { } whole)
        {
            TimeSpan left = whole - Stopwatch.GetElapsedTime(_began);
            limit = left < limit ? left : limit;
        }

        try
        {
            return await WithinAsync(call, limit > TimeSpan.Zero ? limit : TimeSpan.Zero).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _isLeftBehind |= !call.IsCompleted;
            IsBroken |= _isLeftBehind || Dialect.EndsSession(_connection, e);
            await LeaveServerAsync(_connection, Dialect, e).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task WithinAsync(Task call, TimeSpan limit)
    {
        try
        {
            await call.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            Abandon(call);
            throw new TimeoutException($"The database has not answered for {limit.TotalSeconds:0} s.");
        }
    }

    private static async Task<T> WithinAsync<T>(Task<T> call, TimeSpan limit)
    {
        await WithinAsync((Task)call, limit).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    // Nobody looks at it any more, whatever becomes of it.
    private static void Abandon(Task call) => _ = call.ContinueWith(
        static ended => ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
