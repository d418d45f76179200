using System.Globalization;
using System.Text;
using System.Text.Json;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>What a real Janus sent during a call, posted to an application, and what must be stored of it.</summary>
internal static class Recording
{
    private const string Name = "02-echotest";

    // Of each type of event that goes to one table, and one row for each.
    private static readonly Dictionary<int, string> s_tables = new()
    {
        [1] = "sessions",
        [2] = "handles",
        [8] = "sdps",
        [64] = "plugins",
        [128] = "transports",
        [256] = "core",
    };

    private static readonly JsonElement[] s_events =
        [.. Captures.Events(Name).Select(e => JsonElement.Parse(e.Span))];

    /// <summary>The file that it is in.</summary>
    public static string File { get; } = Repository.PathOf("tests", "data", "captures", Name + ".zip");

    /// <summary>How many events it has.</summary>
    public static int Events => s_events.Length;

    /// <summary>Posts its bodies one by one, as Janus does.</summary>
    public static async Task PostToAsync(RunningApplication application, string path)
    {
        foreach (var body in Captures.Bodies(Name))
            (await application.PostAsync(path, body)).Should().Be(200, "{0} holds nothing but good events\n{1}", body, application.Output);
    }

    /// <summary>Looks for its rows in a database.</summary>
    /// <param name="value">Asks the database for one value.</param>
    public static async Task FindRowsAsync(Func<string, Task<string?>> value)
    {
        Dictionary<string, string?> rows = [];
        foreach (var table in s_tables.Values)
            rows[table] = await value($"SELECT COUNT(*) FROM {table}");

        rows.Should().Equal(s_events.Select(e => e.GetProperty("type").GetInt32()).Where(s_tables.ContainsKey)
            .CountBy(type => s_tables[type])
            .ToDictionary(count => count.Key, count => (string?)count.Value.ToString(CultureInfo.InvariantCulture)));
        (await value("SELECT COUNT(*) FROM rejected")).Should().Be("0");
    }

    /// <summary>Whether these lines are its events, in the order in which Janus sent them.</summary>
    public static void FindEvents(string lines)
    {
        var read = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(Encoding.UTF8.GetBytes(line))).ToArray();

        read.Should().HaveSameCount(s_events);
        read.Zip(s_events).Where(pair => !JsonElement.DeepEquals(pair.First, pair.Second)).Should().BeEmpty();
    }
}
