using System.Globalization;
using System.Text.Json;
using JanusEvents.FaultHost;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>
/// Times are stored in UTC with their microseconds and read back the same, whatever the time zones of the host and of the
/// database are, and whatever calendar the host's culture has.
/// </summary>
public sealed class OddTimeTests
{
    // Those that are no time at all, or two, where clocks are changed: by the wall in St. John's and on Chatham.
    private static readonly string[] s_times =
    [
        "1000-01-01 00:00:00.000000", "1900-02-28 23:59:59.999999", "1970-01-01 00:00:00.000000", "1970-01-01 00:00:00.000001",
        "2024-02-29 12:00:00.000010", "2026-03-08 01:59:59.999999", "2026-03-08 02:00:00.000000", "2026-03-08 02:30:00.123456",
        "2026-03-08 03:00:00.000000", "2026-03-08 05:29:59.999999", "2026-03-08 05:30:00.000000", "2026-04-05 02:45:00.000001",
        "2026-04-05 03:44:59.999999", "2026-07-01 12:00:00.100000", "2026-09-27 02:44:59.999999", "2026-09-27 02:45:00.000000",
        "2026-09-27 03:15:00.000001", "2026-09-27 14:00:00.000000", "2026-11-01 01:00:00.000000", "2026-11-01 01:30:00.654321",
        "2026-11-01 02:30:00.654321", "2026-12-31 23:59:59.999999", "2038-01-19 03:14:07.999999", "2038-01-19 03:14:08.000000",
        "9999-12-31 23:59:59.999999",
    ];

    [TheoryNeeding(Capabilities.MariaDb | Capabilities.Cultures)]
    [InlineData("Pacific/Chatham", "+05:45", "America/St_Johns", "fa_IR.UTF-8", "1348 -03:30")]
    [InlineData("America/St_Johns", "SYSTEM", "Pacific/Chatham", "th_TH.UTF-8", "2513 +12:45", Traits = ["Category", "Slow"])]
    public async Task Times_in_MariaDB_are_in_UTC(string serverZone, string sessionZone, string hostZone, string culture, string here)
    {
        await using var server = await MariaDbServer.StartInZoneAsync(serverZone, $"--default-time-zone={sessionZone}");
        var database = await server.CreateDatabaseAsync();

        await TimesShouldBeInUtcAsync(
            [$"--MySql={database.ConnectionString}"],
            hostZone,
            culture,
            here,
            async sql => [.. (await database.QueryAsync(sql)).Select(row => row[0]!)]);
    }

    [TheoryNeeding(Capabilities.Sqlite | Capabilities.Cultures)]
    [InlineData("America/St_Johns", "ar_SA.UTF-8", "1389 -03:30")]
    [InlineData("Pacific/Chatham", "fa_IR.UTF-8", "1348 +12:45")]
    public async Task Times_in_SQLite_are_in_UTC(string hostZone, string culture, string here)
    {
        using var folder = new TemporaryFolder();

        await TimesShouldBeInUtcAsync(
            [$"--Sqlite=Data Source={folder["events.db"]}"],
            hostZone,
            culture,
            here,
            sql => ChildProcess.RunAsync(["sqlite3", "-cmd", ".timeout 10000", folder["events.db"], sql], Wait.Limit));
    }

    private static async Task TimesShouldBeInUtcAsync(
        string[] store,
        string zone,
        string culture,
        string here,
        Func<string, Task<IReadOnlyList<string>>> queryAsync)
    {
        using var folder = new TemporaryFolder();
        var options = new SampleHostOptions
        {
            Program = typeof(FaultHostOptions).Assembly.Location,
            WorkingDirectory = folder.Path,
            Arguments = store,
            HasCulture = true,
            Variables = new Dictionary<string, string?> { ["TZ"] = zone, ["LC_ALL"] = culture },
        };
        var times = s_times.Select(MicrosecondsOf).ToList();
        var events = times.Select((time, i) =>
            $$$"""{"emitter":"e","type":1,"timestamp":{{{time}}},"session_id":{{{i}}},"event":{"name":"created"}}""").ToList();
        await using var host = await SampleHostProcess.StartAsync(options);
        using var http = new HttpClient { BaseAddress = host.Url };
        var spoken = (await http.GetStringAsync("/here")).Replace("\u200e", "", StringComparison.Ordinal);
        new string([.. spoken.Select(c => char.IsDigit(c) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)) : c)])
            .Replace('\u2212', '-').Should().Be(here, "the host's zone and calendar are as odd as they are meant to be");

        (await new JanusSender(host.Url).SendAsync($"[{string.Join(',', events)},17]")).Status.Should().Be(200);

        (await queryAsync("SELECT timestamp FROM sessions ORDER BY id")).Should().Equal(s_times);
        foreach (var time in await queryAsync("SELECT stored FROM hashes UNION ALL SELECT arrived FROM rejected"))
            DateTimeOffset.UnixEpoch.AddMicroseconds(MicrosecondsOf(time)).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        (await ReadAsync("")).Should().Equal(times);
        foreach (var time in times.Where(time => time != times[^1]))
        {
            (await ReadAsync($"?from={time}&to={time + 1}")).Should().Equal(time);
            (await ReadAsync($"?from={time}")).Should().Equal(times.Where(t => t >= time));
            (await ReadAsync($"?to={time}")).Should().Equal(times.Where(t => t < time));
        }

        async Task<List<long>> ReadAsync(string query)
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync($"/stored{query}"));
            return [.. json.RootElement.EnumerateArray().Select(e => e.GetProperty("timestamp").GetInt64())];
        }
    }

    private static long MicrosecondsOf(string time) =>
        (DateTime.ParseExact(time, "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
