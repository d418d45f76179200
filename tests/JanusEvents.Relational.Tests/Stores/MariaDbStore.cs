using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>A database of its own on a private MariaDB.</summary>
public sealed class MariaDbStore(MariaDbDatabase database) : ITestStore
{
    public void AddTo(JanusEventsBuilder builder, Action<EventStoreOptions>? configure) =>
        builder.AddMySql(database.ConnectionString, configure);

    public Task<IReadOnlyList<string?[]>> QueryAsync(string sql) => database.QueryAsync(sql);

    public async Task<IReadOnlyList<string>> TablesAsync() => [.. (await QueryAsync("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'")).Select(row => row[0]!)];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
