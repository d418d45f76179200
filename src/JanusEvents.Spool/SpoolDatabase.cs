using System.Globalization;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Spool;

/// <summary>
/// The SQLite database of a spool, in a file that one process at a time may have. Every write is flushed to the disk before it
/// returns. Used by one caller at a time.
/// </summary>
internal sealed class SpoolDatabase : IDisposable
{
    // The error of opening a file that another process holds: EWOULDBLOCK of Linux, ERROR_SHARING_VIOLATION of Windows.
    private const int HeldByAnother = 11;
    private const int HeldByAnotherOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _ownership;
    private readonly SqliteConnection _connection;

    private SpoolDatabase(string path, FileStream ownership)
    {
        Path = path;
        _ownership = ownership;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            _connection.Open();
            CreateTables();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens the database of a spool, or creates it.</summary>
    /// <exception cref="IOException">Another process has the file, or it cannot be opened; the message has the fix.</exception>
    /// <exception cref="SqliteException">It is no database, or cannot be written.</exception>
    public static SpoolDatabase Open(string path)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        FileStream ownership = Own(fullPath);
        try
        {
            return new SpoolDatabase(fullPath, ownership);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    /// <summary>Creates a command with parameters that have no values yet.</summary>
    /// <param name="sql">A constant of this package.</param>
    /// <param name="parameters">The names of the parameters.</param>
    public SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Called with constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in parameters)
            command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    public void Execute(string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = Command(sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    public long Number(string pragma) => Convert.ToInt64(Scalar(pragma), CultureInfo.InvariantCulture);

    public object? Scalar(string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = Command(sql);
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _ownership.Dispose();
    }

    private static FileStream Own(string path)
    {
        try
        {
            return new FileStream(path + "-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is HeldByAnother or HeldByAnotherOnWindows)
        {
            throw new IOException(
                $"The spool {path} is used by another process. Give every host a spool of its own, or stop the other host.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The spool {path} cannot be opened: {e.Message}", e);
        }
    }

    private void CreateTables()
    {
        Execute("PRAGMA page_size = 4096");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");

        // A body of many megabytes would otherwise leave a write-ahead log of that size permanently.
        Execute("PRAGMA journal_size_limit = 16777216");
        if (Number("PRAGMA synchronous") < 2)
            throw new InvalidOperationException($"The spool {Path} would not be flushed to the disk: PRAGMA synchronous is not FULL.");

        using SqliteTransaction transaction = _connection.BeginTransaction();
        Execute(
            """
            CREATE TABLE IF NOT EXISTS spool (id TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS bodies (
              sequence INTEGER PRIMARY KEY AUTOINCREMENT, arrived INTEGER NOT NULL, remote TEXT, bytes BLOB NOT NULL,
              hash BLOB, rejected TEXT);
            CREATE TABLE IF NOT EXISTS taken (hash BLOB PRIMARY KEY, arrived INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS taken_arrived ON taken (arrived);
            CREATE TABLE IF NOT EXISTS sinks (name TEXT PRIMARY KEY, done INTEGER NOT NULL) WITHOUT ROWID;
            """,
            transaction);
        // A file of an earlier version; its bodies are as they came.
        if (Scalar("SELECT 1 FROM pragma_table_info('bodies') WHERE name = 'hash'", transaction) is null)
            Execute("ALTER TABLE bodies ADD COLUMN hash BLOB; ALTER TABLE bodies ADD COLUMN rejected TEXT", transaction);

        using (SqliteCommand command = Command("INSERT INTO spool (id) SELECT $id WHERE NOT EXISTS (SELECT 1 FROM spool)", "$id"))
        {
            command.Transaction = transaction;
            command.Parameters[0].Value = Guid.NewGuid().ToString();
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
