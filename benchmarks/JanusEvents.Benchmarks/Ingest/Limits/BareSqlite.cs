using System.Diagnostics;
using System.Globalization;
using JanusEvents.Relational.Tables;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Benchmarks.Ingest.Limits;

/// <summary>
/// The rows that a host stored in a SQLite file, stored again in another one with the same tables by prepared INSERTs of
/// one row, in transactions of as many rows, flushed as safely: what the database and its driver take for them.
/// </summary>
internal sealed class BareSqlite : IDisposable
{
    private readonly SqliteConnection _stored;
    private readonly SqliteConnection _copy;
    private readonly Dictionary<string, SqliteCommand> _inserts = [];
    private readonly Dictionary<string, long> _last = [];
    private long _batches;

    /// <summary>Makes a file with the tables of another.</summary>
    public BareSqlite(string stored, string copy)
    {
        _stored = new SqliteConnection($"Data Source={stored};Pooling=False");
        _stored.Open();
        _copy = new SqliteConnection($"Data Source={copy};Pooling=False");
        _copy.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        foreach (object[] row in Read("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"))
            Execute((string)row[0]);
    }

    /// <summary>Reads what the host has stored since the last time.</summary>
    public Work ReadNext()
    {
        long batches = (long)Read("SELECT COUNT(DISTINCT batch) FROM hashes").Single()[0];
        List<(string Table, object[] Values)> rows = [];
        foreach (EventTable table in EventTables.All)
        {
            long last = _last.GetValueOrDefault(table.Name);
            rows.AddRange(Read(string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM \"{table.Name}\" WHERE id > {last} ORDER BY id"))
                .Select(values => (table.Name, values)));
        }

        foreach ((string table, object[] values) in rows)
            _last[table] = Math.Max(_last.GetValueOrDefault(table), (long)values[0]);

        int perBatch = (int)Math.Ceiling(rows.Count / (double)Math.Max(1, batches - _batches));
        _batches = batches;

        // As the host has them: the batches in the order of arrival, each by tables.
        return new Work(
            rows.Count,
            [
                .. rows.OrderBy(r => (long)r.Values[0]).Chunk(perBatch)
                    .Select(batch => batch.OrderBy(r => r.Table, StringComparer.Ordinal).Select(r => (InsertInto(r.Table, r.Values.Length), r.Values)).ToArray()),
            ]);
    }

    /// <summary>Stores it.</summary>
    /// <returns>Rows in a second.</returns>
    public double Store(Work work)
    {
        long started = Stopwatch.GetTimestamp();
        foreach ((SqliteCommand Insert, object[] Values)[] batch in work.Batches)
        {
            using SqliteTransaction transaction = _copy.BeginTransaction();
            foreach ((SqliteCommand insert, object[] values) in batch)
            {
                insert.Transaction = transaction;
                for (int i = 0; i < values.Length; i++)
                    insert.Parameters[i].Value = values[i];
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return work.Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (SqliteCommand insert in _inserts.Values)
            insert.Dispose();
        _copy.Dispose();
        _stored.Dispose();
    }

    private SqliteCommand InsertInto(string table, int columns)
    {
        if (_inserts.TryGetValue(table, out SqliteCommand? insert))
            return insert;

        string[] names = [.. Enumerable.Range(0, columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}"))];
        insert = _copy.CreateCommand();
#pragma warning disable CA2100 // Made of the table definitions.
        insert.CommandText = $"INSERT INTO \"{table}\" VALUES ({string.Join(", ", names)})";
#pragma warning restore CA2100
        foreach (string name in names)
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        insert.Prepare();
        _inserts.Add(table, insert);
        return insert;
    }

    private IEnumerable<object[]> Read(string sql)
    {
        using SqliteCommand select = _stored.CreateCommand();
#pragma warning disable CA2100 // Made of the table definitions.
        select.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = select.ExecuteReader();
        while (reader.Read())
        {
            object[] row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _copy.CreateCommand();
#pragma warning disable CA2100 // From the tables that the host made.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Rows to be stored.</summary>
    /// <param name="Rows">How many.</param>
    /// <param name="Batches">By transactions.</param>
    internal sealed record Work(long Rows, (SqliteCommand Insert, object[] Values)[][] Batches);
}
