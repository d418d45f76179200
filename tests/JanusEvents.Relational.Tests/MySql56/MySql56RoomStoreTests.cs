using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56RoomStoreTests(MySql56Fixture fixture) : RoomStoreTests
{
    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
