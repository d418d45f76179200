using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MariaDb;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbRetentionTests(MariaDbFixture fixture) : RetentionTests
{
    protected override string Fail => "SIGNAL SQLSTATE '45000'";

    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
