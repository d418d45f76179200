using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>External events 1, 2, 3 … that a real Janus is given over its Admin API, one after the other.</summary>
internal sealed class NumberedExternalEvents(JanusServer janus)
{
    private const string Schema = "numbered";
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);
    private readonly List<long> _sent = [];

    /// <summary>The numbers of those that Janus took.</summary>
    public IReadOnlyList<long> Sent => _sent;

    /// <summary>The numbers of those in a database, in the order in which they were stored.</summary>
    public static async Task<IReadOnlyList<long>> StoredAsync(MariaDbDatabase database)
    {
        if ((await database.QueryAsync("SHOW TABLES LIKE 'external'")).Count == 0)
            return [];

        IReadOnlyList<string?[]> rows = await database.QueryAsync($"SELECT event FROM external WHERE eventschema = '{Schema}' ORDER BY id");
        return [.. rows.Select(row => JsonDocument.Parse(row[0]!).RootElement.GetProperty("number").GetInt64())];
    }

    /// <summary>Sends them for some time.</summary>
    public async Task SendForAsync(TimeSpan time)
    {
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            long number = _sent.Count + 1;
            await janus.SendExternalEventAsync(Schema, string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}"));
            _sent.Add(number);
            await Task.Delay(s_pace);
        }
    }
}
