using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>A SQLite file in a temporary folder, read with the sqlite3 command line.</summary>
public sealed class SqliteStore : ITestStore
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder["janusevents.db"];

    public void AddTo(JanusEventsBuilder builder, Action<EventStoreOptions>? configure) =>
        builder.AddSqlite($"Data Source={Path}", configure);

    public async Task<IReadOnlyList<string?[]>> QueryAsync(string sql)
    {
        var output = await PrintAsync(sql);
        if (output.Count == 0)
            return [];
        using var rows = JsonDocument.Parse(string.Join('\n', output));
        return [.. rows.RootElement.EnumerateArray().Select(row => row.EnumerateObject().Select(p => Text(p.Value)).ToArray())];
    }

    /// <summary>What sqlite3 prints when it runs SQL, line by line.</summary>
    public Task<IReadOnlyList<string>> PrintAsync(string sql) =>
        ChildProcess.RunAsync(["sqlite3", "-json", "-cmd", ".timeout 10000", Path, sql], Wait.Limit);

    public async Task<IReadOnlyList<string>> TablesAsync() => File.Exists(Path)
        ? [.. (await QueryAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"))
            .Select(row => row[0]!)]
        : [];

    public async Task EmptyAsync()
    {
        foreach (var row in await QueryAsync("SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"))
            await QueryAsync($"DROP {row[0]} {row[1]}");
    }

    public async Task<string> ExplainAsync(string sql) => string.Join(" ", await PrintAsync($"EXPLAIN QUERY PLAN {sql}"));

    public string Numbers(int most) => $"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {most}) SELECT n FROM c)";

    public string Failing => "BEGIN SELECT RAISE(ABORT, 'forbidden'); END";

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
