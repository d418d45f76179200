using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Relational.Tables;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Limits;

/// <summary>
/// <c>LOAD DATA</c> of the rows that a host stored into empty tables with the same columns and indexes: the least that
/// the server needs for them. The files are on the server's disk; it reads and parses them itself.
/// </summary>
internal sealed class BulkLoad(MariaDbDatabase stored, MariaDbDatabase copy, string folder)
{
    /// <summary>Of how many connections the fastest is the limit: as many as there are processors, and one.</summary>
    public static int MaxConnections => Environment.ProcessorCount;

    /// <summary>Makes the empty tables and the files.</summary>
    public async Task PrepareAsync()
    {
        foreach (EventTable table in EventTables.All)
        {
            await copy.QueryAsync($"CREATE TABLE IF NOT EXISTS `{table.Name}` LIKE {stored.Name}.`{table.Name}`");
            for (int part = 0; part < MaxConnections; part++)
                File.Delete(PathOf(table, part));
        }

        foreach (EventTable table in EventTables.All)
        {
            long rows = await StoredTables.CountAsync(stored, table.Name);
            for (int part = 0; part < MaxConnections && rows > 0; part++)
            {
                long first = rows * part / MaxConnections;
                long count = (rows * (part + 1) / MaxConnections) - first;
                await stored.QueryAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"SELECT * INTO OUTFILE '{PathOf(table, part)}' CHARACTER SET utf8mb4 FROM `{table.Name}` ORDER BY id LIMIT {first}, {count}"));
            }
        }
    }

    /// <summary>Loads the files into the empty tables.</summary>
    /// <param name="connections">On how many connections at once: one, or <see cref="MaxConnections"/>.</param>
    public async Task LoadAsync(int connections)
    {
        DbConnection[] open = [.. Enumerable.Range(0, connections).Select(_ => Driver.Open(copy.ConnectionString))];
        await Task.WhenAll(open.Select((connection, i) => Task.Run(() =>
        {
            for (int part = i; part < MaxConnections; part += connections)
                Load(connection, part);
            connection.Dispose();
        })));
    }

    /// <summary>Measures the loading.</summary>
    /// <param name="connections">On how many connections at once.</param>
    /// <returns>Rows in a second, and the server's processor time for a row in microseconds.</returns>
    public async Task<(double Rate, double Cost)> MeasureAsync(int connections)
    {
        await StoredTables.EmptyAsync(copy);
        double used = ProcessUse.ProcessorSeconds(copy.Server.ProcessId);
        long started = Stopwatch.GetTimestamp();
        await LoadAsync(connections);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        used = ProcessUse.ProcessorSeconds(copy.Server.ProcessId) - used;
        long rows = await StoredTables.CountAsync(copy);
        return (rows / elapsed.TotalSeconds, used * 1e6 / rows);
    }

    private void Load(DbConnection connection, int part)
    {
        foreach (EventTable table in EventTables.All.Where(t => File.Exists(PathOf(t, part))))
            connection.Execute($"LOAD DATA INFILE '{PathOf(table, part)}' INTO TABLE `{table.Name}` CHARACTER SET utf8mb4");
    }

    private string PathOf(EventTable table, int part) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{table.Name}.{part}"));
}
