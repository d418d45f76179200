using Microsoft.Data.Sqlite;

namespace JanusEvents.Spool;

/// <summary>
/// The file of a spool: bodies in the order of arrival, the hashes of those taken within the window, and how far each
/// sink has come. Every write is flushed to the disk before it returns. One process at a time.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private const int PurgedAtOnce = 1000;
    private const int PageSize = 4096;

    // The error of opening a file that another process holds: EWOULDBLOCK of Linux, ERROR_SHARING_VIOLATION of Windows.
    private const int HeldByAnother = 11;
    private const int HeldByAnotherOnWindows = unchecked((int)0x80070020);

    private readonly Lock _gate = new();
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly FileStream _ownership;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _take;
    private readonly SqliteCommand _append;
    private readonly SqliteCommand _read;
    private readonly DriveInfo _drive;
    private DateTimeOffset _nextPurge;

    private SpoolFile(string path, SpoolOptions options, TimeProvider time, FileStream ownership)
    {
        Path = path;
        _options = options;
        _time = time;
        _ownership = ownership;
        _drive = new DriveInfo(System.IO.Path.GetDirectoryName(path)!);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            _connection.Open();
            CreateTables();
            Id = Guid.Parse((string)Scalar("SELECT id FROM spool")!);
            using (SqliteDataReader reader = Command("SELECT COUNT(*), COALESCE(SUM(LENGTH(bytes)), 0) FROM bodies").ExecuteReader())
            {
                reader.Read();
                (Bodies, Bytes) = (reader.GetInt64(0), reader.GetInt64(1));
            }

            LastAtOpen = Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'bodies'") as long? ?? 0;
            _take = Command("INSERT OR IGNORE INTO taken (hash, arrived) VALUES ($hash, $arrived)", "$hash", "$arrived");
            _append = Command(
                "INSERT INTO bodies (arrived, remote, bytes, hash, rejected) VALUES ($arrived, $remote, $bytes, $hash, $rejected)",
                "$arrived",
                "$remote",
                "$bytes",
                "$hash",
                "$rejected");
            _read = Command(
                "SELECT sequence, arrived, remote, bytes, hash, rejected FROM bodies WHERE sequence > $after ORDER BY sequence LIMIT $most",
                "$after",
                "$most");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Made with the file, so that a new file never inherits the progress of an old one.</summary>
    public Guid Id { get; private set; }

    /// <summary>The number of the last body that was ever appended before the file was opened; 0 when there was none.</summary>
    public long LastAtOpen { get; }

    /// <summary>How many bodies there are.</summary>
    public long Bodies { get; private set; }

    /// <summary>How many bytes the bodies have.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens a spool's file, or makes it.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be opened; the message has the fix.</exception>
    public static SpoolFile Open(string path, SpoolOptions options, TimeProvider time)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        FileStream ownership = Own(fullPath);
        try
        {
            return new SpoolFile(fullPath, options, time, ownership);
        }
        catch (SqliteException e)
        {
            ownership.Dispose();
            throw new IOException($"The spool {fullPath} cannot be opened: {e.Message}", e);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>Writes bodies at the end, but for those that were taken within the window already.</summary>
    /// <exception cref="SpoolFullException">There is no room.</exception>
    /// <exception cref="SqliteException">The file cannot be written.</exception>
    public void Append(IReadOnlyList<ReceivedBody> bodies)
    {
        long size = bodies.Sum(b => (long)b.Json.Length);
        lock (_gate)
        {
            CheckRoom(size);
            long count = 0, bytes = 0;
            using (SqliteTransaction transaction = _connection.BeginTransaction())
            {
                _take.Transaction = _append.Transaction = transaction;
                foreach (ReceivedBody body in bodies)
                {
                    long arrived = body.ArrivedAt.UtcTicks;
                    _take.Parameters[0].Value = body.Hash.ToArray();
                    _take.Parameters[1].Value = arrived;
                    if (_take.ExecuteNonQuery() == 0)
                    {
                        body.IsDuplicate = true;
                        continue;
                    }

                    _append.Parameters[0].Value = arrived;
                    _append.Parameters[1].Value = body.RemoteAddress ?? (object)DBNull.Value;
                    _append.Parameters[2].Value = Whole(body.Json);
                    _append.Parameters[3].Value = body.IsRedacted ? _take.Parameters[0].Value : DBNull.Value;
                    _append.Parameters[4].Value =
                        (body.IsRedacted ? RedactedBody.Write(body.Rejected) : null) ?? (object)DBNull.Value;
                    _append.ExecuteNonQuery();
                    count++;
                    bytes += body.Json.Length;
                }

                Purge(transaction);
                transaction.Commit();
            }

            Bodies += count;
            Bytes += bytes;
        }
    }

    /// <summary>Reads the bodies after a place, in order: at least one if there is any, then up to a size and a number.</summary>
    public List<SpooledBody> Read(long after, long maxBytes, int most)
    {
        List<SpooledBody> bodies = [];
        lock (_gate)
        {
            _read.Parameters[0].Value = after;
            _read.Parameters[1].Value = most;
            using SqliteDataReader reader = _read.ExecuteReader();
            long bytes = 0;
            while (bytes < maxBytes && reader.Read())
            {
                byte[] json = reader.GetFieldValue<byte[]>(3);
                bodies.Add(new SpooledBody(
                    reader.GetInt64(0),
                    new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    json)
                {
                    Redacted = reader.IsDBNull(4)
                        ? null
                        : new RedactedBody(
                            reader.GetFieldValue<byte[]>(4),
                            RedactedBody.Read(reader.IsDBNull(5) ? null : reader.GetString(5))),
                });
                bytes += json.Length;
            }
        }

        return bodies;
    }

    /// <summary>When the oldest body arrived; null when there is none.</summary>
    public DateTimeOffset? OldestArrivedAt()
    {
        lock (_gate)
        {
            return Scalar("SELECT arrived FROM bodies ORDER BY sequence LIMIT 1") is long ticks
                ? new DateTimeOffset(ticks, TimeSpan.Zero)
                : null;
        }
    }

    /// <summary>How many bytes the bodies after one place and up to another have.</summary>
    public long BytesBetween(long after, long upTo)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command(
                "SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM bodies WHERE sequence > $after AND sequence <= $upTo",
                "$after",
                "$upTo");
            command.Parameters[0].Value = after;
            command.Parameters[1].Value = upTo;
            return (long)command.ExecuteScalar()!;
        }
    }

    /// <summary>How far a sink had come, as recorded in the spool.</summary>
    public long ReadDone(string sink)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command("SELECT done FROM sinks WHERE name = $name", "$name");
            command.Parameters[0].Value = sink;
            return command.ExecuteScalar() as long? ?? 0;
        }
    }

    /// <summary>Makes it another spool, to which nothing is stored yet.</summary>
    public void RenewId()
    {
        lock (_gate)
        {
            Guid id = Guid.NewGuid();
            using SqliteCommand command = Command("UPDATE spool SET id = $id", "$id");
            command.Parameters[0].Value = id.ToString();
            command.ExecuteNonQuery();
            Id = id;
        }
    }

    /// <summary>Records how far a sink has come, and removes the bodies that every sink has.</summary>
    public void Forget(string sink, long done, long doneByAll)
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            using (SqliteCommand command = Command("INSERT OR REPLACE INTO sinks (name, done) VALUES ($name, $done)", "$name", "$done"))
            {
                command.Transaction = transaction;
                command.Parameters[0].Value = sink;
                command.Parameters[1].Value = done;
                command.ExecuteNonQuery();
            }

            (long count, long bytes) = Remove(transaction, doneByAll);
            transaction.Commit();
            Bodies -= count;
            Bytes -= bytes;
        }
    }

    public void Dispose()
    {
        lock (_gate)
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

    private static byte[] Whole(ReadOnlyMemory<byte> json) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(json, out ArraySegment<byte> segment)
        && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : json.ToArray();

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

    private void CheckRoom(long bytes)
    {
        long free = Number("PRAGMA freelist_count") * PageSize;
        long used = (Number("PRAGMA page_count") * PageSize) - free;

        // An empty spool takes a body of any size, which could never be stored otherwise.
        if (used + bytes > _options.MaxBytes && Bodies > 0)
            throw new SpoolFullException($"The spool {Path} is full: {used} bytes are used of {_options.MaxBytes}.");

        if (DiskHolds(bytes, free))
            return;

        // Pages moved out of the log long ago still take room on the disk.
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        if (DiskHolds(bytes, free))
            return;

        // So do the pages of expired bodies, and the log has no room besides: without this a spool that was
        // emptied could stay full permanently. The rest is written twice, to which it may use what is reserved.
        if (free >= bytes && used * 2 <= _options.ReservedDiskBytes)
        {
            Execute("VACUUM");
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            free = 0;
        }

        if (!DiskHolds(bytes, free))
            throw new SpoolFullException($"The disk of the spool {Path} is full: {_drive.AvailableFreeSpace} bytes are free, and {_options.ReservedDiskBytes} are reserved.");
    }

    /// <summary>
    /// Whether the disk has room for what is new in the log, for the growth of the file by it, and for the growth by what
    /// lies in the log already, beside what is reserved.
    /// </summary>
    private bool DiskHolds(long bytes, long freeInFile)
    {
        long toCome = Math.Max(0, (Number("PRAGMA page_count") * PageSize) - new FileInfo(Path).Length);
        return _drive.AvailableFreeSpace >= _options.ReservedDiskBytes + toCome + bytes + Math.Max(0, bytes - freeInFile);
    }

    private void Purge(SqliteTransaction transaction)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (now < _nextPurge)
            return;

        using SqliteCommand command = Command(
            "DELETE FROM taken WHERE hash IN (SELECT hash FROM taken WHERE arrived < $before ORDER BY arrived LIMIT $most)",
            "$before",
            "$most");
        command.Transaction = transaction;
        command.Parameters[0].Value = (now - _options.HashWindow).UtcTicks;
        command.Parameters[1].Value = PurgedAtOnce;
        if (command.ExecuteNonQuery() < PurgedAtOnce)
            _nextPurge = now + TimeSpan.FromSeconds(10);
    }

    private (long Count, long Bytes) Remove(SqliteTransaction transaction, long upTo)
    {
        long bytes;
        using (SqliteCommand sum = Command("SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM bodies WHERE sequence <= $upTo", "$upTo"))
        {
            sum.Transaction = transaction;
            sum.Parameters[0].Value = upTo;
            bytes = (long)sum.ExecuteScalar()!;
        }

        using SqliteCommand delete = Command("DELETE FROM bodies WHERE sequence <= $upTo", "$upTo");
        delete.Transaction = transaction;
        delete.Parameters[0].Value = upTo;
        return (delete.ExecuteNonQuery(), bytes);
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Called with the constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in parameters)
            command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private void Execute(string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = Command(sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private long Number(string pragma) => Convert.ToInt64(Scalar(pragma), System.Globalization.CultureInfo.InvariantCulture);

    private object? Scalar(string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = Command(sql);
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }
}

/// <summary>The spool has no room; its bodies must be stored elsewhere first.</summary>
internal sealed class SpoolFullException(string message) : Exception(message);
