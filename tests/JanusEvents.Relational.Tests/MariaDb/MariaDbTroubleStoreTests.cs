using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MariaDb;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbTroubleStoreTests(MariaDbFixture fixture) : TroubleStoreTests
{
    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
