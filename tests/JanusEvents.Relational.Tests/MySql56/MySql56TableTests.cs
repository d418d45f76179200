using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56TableTests(MySql56Fixture fixture) : TableTests
{
    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());

    protected override async Task<string> PlanAsync(string sql) =>
        string.Join(" ", (await Store.QueryAsync($"EXPLAIN {sql}")).SelectMany(row => row));
}
