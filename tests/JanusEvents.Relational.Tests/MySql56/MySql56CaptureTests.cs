using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56CaptureTests(MySql56Fixture fixture) : CaptureTests
{
    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
