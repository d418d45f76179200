using System.Globalization;
using JanusEvents.Relational.Tables;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Limits;

/// <summary>The tables of a database that a host stores into.</summary>
internal static class StoredTables
{
    /// <summary>How many rows a table has.</summary>
    public static async Task<long> CountAsync(MariaDbDatabase database, string table) =>
        long.Parse((await database.ValueAsync($"SELECT COUNT(*) FROM `{table}`"))!, CultureInfo.InvariantCulture);

    /// <summary>How many rows all tables of events have.</summary>
    public static async Task<long> CountAsync(MariaDbDatabase database)
    {
        string counts = string.Join(" + ", EventTables.All.Select(t => $"(SELECT COUNT(*) FROM `{t.Name}`)"));
        return long.Parse((await database.ValueAsync($"SELECT {counts}"))!, CultureInfo.InvariantCulture);
    }

    /// <summary>Makes sure that every event has its row and nothing was rejected: a fast way to lose events is no way.</summary>
    public static async Task CheckAsync(MariaDbDatabase database, long events)
    {
        long rows = await CountAsync(database);
        long rejected = await CountAsync(database, "rejected");
        if (rows != events || rejected != 0)
            throw new InvalidOperationException($"{events} events were sent, but {rows} rows are stored and {rejected} rejected.");
    }

    /// <summary>Empties the tables of events and the hashes, so that every round begins with the same.</summary>
    public static async Task EmptyAsync(MariaDbDatabase database)
    {
        IReadOnlyList<string?[]> tables = await database.QueryAsync(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name NOT IN ('counters', 'spools')");
        await database.QueryAsync(string.Concat(tables.Select(t => $"TRUNCATE TABLE `{t[0]}`;")));
    }
}
