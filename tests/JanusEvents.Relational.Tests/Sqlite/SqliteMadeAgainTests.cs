using JanusEvents.Relational.Tests.AtHome;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

[Needs(Capabilities.Sqlite)]
public sealed class SqliteMadeAgainTests : MadeAgainTests
{
    protected override async Task EmptyAsync()
    {
        foreach (var row in await Store.QueryAsync("SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"))
            await Store.QueryAsync($"DROP {row[0]} {row[1]}");
    }

    protected override Task<ITestStore> CreateStoreAsync() => Task.FromResult<ITestStore>(new SqliteStore());
}
