using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

[Needs(Capabilities.Sqlite)]
public sealed class SqliteTableTests : TableTests
{
    protected override Task<ITestStore> CreateStoreAsync() => Task.FromResult<ITestStore>(new SqliteStore());

    protected override async Task<string> PlanAsync(string sql) =>
        string.Join(" ", await ((SqliteStore)Store).PrintAsync($"EXPLAIN QUERY PLAN {sql}"));
}
