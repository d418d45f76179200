using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>A SQLite file in a temporary folder; values are read as the text that SQLite makes of them.</summary>
public sealed class SqliteStore : ITestStore
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder["janusevents.db"];

    public void AddTo(JanusEventsBuilder builder, Action<EventStoreOptions>? configure) =>
        builder.AddSqlite($"Data Source={Path}", configure);

    public async Task<IReadOnlyList<string?[]>> QueryAsync(string sql)
    {
        await using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        List<string?[]> rows = [];
        do
        {
            while (await reader.ReadAsync())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }
        while (await reader.NextResultAsync());
        return rows;
    }

    public async Task<IReadOnlyList<string>> TablesAsync() => File.Exists(Path)
        ? [.. (await QueryAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"))
            .Select(row => row[0]!)]
        : [];

    public async Task EmptyAsync()
    {
        foreach (var row in await QueryAsync("SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"))
            await QueryAsync($"DROP {row[0]} {row[1]}");
    }

    public async Task<string> ExplainAsync(string sql) => string.Join(" ", (await QueryAsync($"EXPLAIN QUERY PLAN {sql}")).SelectMany(row => row));

    public string Numbers(int most) => $"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {most}) SELECT n FROM c)";

    public string Failing => "BEGIN SELECT RAISE(ABORT, 'forbidden'); END";

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
