using Microsoft.Data.Sqlite;

namespace JanusEvents.Spool;

/// <summary>
/// The file of a spool: bodies in the order of arrival, the hashes of those taken within the window, and how far each
/// sink has come. Every write is flushed to the disk before it returns. One process at a time.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private const int PurgedAtOnce = 1000;

    private readonly Lock _gate = new();
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly SpoolDatabase _database;
    private readonly SpoolRoom _room;
    private readonly SqliteCommand _take;
    private readonly SqliteCommand _append;
    private readonly SqliteCommand _read;
    private DateTimeOffset _nextPurge;

    private SpoolFile(SpoolDatabase database, SpoolOptions options, TimeProvider time)
    {
        _database = database;
        _options = options;
        _time = time;
        _room = new SpoolRoom(database, options);
        Id = Guid.Parse((string)_database.Scalar("SELECT id FROM spool")!);
        using (SqliteDataReader reader = _database.Command("SELECT COUNT(*), COALESCE(SUM(LENGTH(bytes)), 0) FROM bodies").ExecuteReader())
        {
            reader.Read();
            (Bodies, Bytes) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        LastAtOpen = _database.Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'bodies'") as long? ?? 0;
        _take = _database.Command("INSERT OR IGNORE INTO taken (hash, arrived) VALUES ($hash, $arrived)", "$hash", "$arrived");
        _append = _database.Command(
            "INSERT INTO bodies (arrived, remote, bytes, hash, rejected) VALUES ($arrived, $remote, $bytes, $hash, $rejected)",
            "$arrived",
            "$remote",
            "$bytes",
            "$hash",
            "$rejected");
        _read = _database.Command(
            "SELECT sequence, arrived, remote, bytes, hash, rejected FROM bodies WHERE sequence > $after ORDER BY sequence LIMIT $most",
            "$after",
            "$most");
    }

    /// <summary>The full path.</summary>
    public string Path => _database.Path;

    /// <summary>Created with the file, so that a new file never inherits the progress of an old one.</summary>
    public Guid Id { get; private set; }

    /// <summary>The number of the last body that was ever appended before the file was opened; 0 when there was none.</summary>
    public long LastAtOpen { get; }

    /// <summary>How many bodies there are.</summary>
    public long Bodies { get; private set; }

    /// <summary>How many bytes the bodies have.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens a spool's file, or creates it.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be opened; the message has the fix.</exception>
    public static SpoolFile Open(string path, SpoolOptions options, TimeProvider time)
    {
        SpoolDatabase? database = null;
        try
        {
            database = SpoolDatabase.Open(path);
            return new SpoolFile(database, options, time);
        }
        catch (Exception e)
        {
            database?.Dispose();
            if (e is SqliteException)
                throw new IOException($"The spool {System.IO.Path.GetFullPath(path)} cannot be opened: {e.Message}", e);
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
            _room.Check(size, isEmpty: Bodies == 0);
            long count = 0, bytes = 0;
            using (SqliteTransaction transaction = _database.Begin())
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
            return _database.Scalar("SELECT arrived FROM bodies ORDER BY sequence LIMIT 1") is long ticks
                ? new DateTimeOffset(ticks, TimeSpan.Zero)
                : null;
        }
    }

    /// <summary>How many bytes the bodies after one place and up to another have.</summary>
    public long BytesBetween(long after, long upTo)
    {
        lock (_gate)
        {
            using SqliteCommand command = _database.Command(
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
            using SqliteCommand command = _database.Command("SELECT done FROM sinks WHERE name = $name", "$name");
            command.Parameters[0].Value = sink;
            return command.ExecuteScalar() as long? ?? 0;
        }
    }

    /// <summary>Gives it another id: that of a spool of which nothing is stored yet.</summary>
    public void RenewId()
    {
        lock (_gate)
        {
            Guid id = Guid.NewGuid();
            using SqliteCommand command = _database.Command("UPDATE spool SET id = $id", "$id");
            command.Parameters[0].Value = id.ToString();
            command.ExecuteNonQuery();
            Id = id;
        }
    }

    /// <summary>Records how far a sink has come, and removes the bodies that every sink has.</summary>
    public void Record(string sink, long done, long doneByAll)
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _database.Begin();
            using (SqliteCommand command = _database.Command("INSERT OR REPLACE INTO sinks (name, done) VALUES ($name, $done)", "$name", "$done"))
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
            _database.Dispose();
    }

    private static byte[] Whole(ReadOnlyMemory<byte> json) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(json, out ArraySegment<byte> segment)
        && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : json.ToArray();

    private void Purge(SqliteTransaction transaction)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (now < _nextPurge)
            return;

        using SqliteCommand command = _database.Command(
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
        using (SqliteCommand sum = _database.Command("SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM bodies WHERE sequence <= $upTo", "$upTo"))
        {
            sum.Transaction = transaction;
            sum.Parameters[0].Value = upTo;
            bytes = (long)sum.ExecuteScalar()!;
        }

        using SqliteCommand delete = _database.Command("DELETE FROM bodies WHERE sequence <= $upTo", "$upTo");
        delete.Transaction = transaction;
        delete.Parameters[0].Value = upTo;
        return (delete.ExecuteNonQuery(), bytes);
    }
}
