using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>A database of its own on a private MariaDB or MySQL.</summary>
public sealed class MariaDbStore(MariaDbDatabase database) : ITestStore
{
    public string ConnectionString => database.ConnectionString;

    public void AddTo(JanusEventsBuilder builder, Action<EventStoreOptions>? configure) =>
        builder.AddMySql(ConnectionString, configure);

    public Task<IReadOnlyList<string?[]>> QueryAsync(string sql) => database.QueryAsync(sql);

    public async Task<IReadOnlyList<string>> TablesAsync() => [.. (await QueryAsync("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'")).Select(row => row[0]!)];

    public Task EmptyAsync() => database.Server.QueryAsync($"DROP DATABASE {database.Name}; CREATE DATABASE {database.Name}");

    public async Task<string> ExplainAsync(string sql) => string.Join(" ", (await QueryAsync($"EXPLAIN {sql}")).SelectMany(row => row));

    public string Numbers(int most) => $"(SELECT seq n FROM seq_1_to_{most}) n";

    public string Failing => "SIGNAL SQLSTATE '45000'";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
