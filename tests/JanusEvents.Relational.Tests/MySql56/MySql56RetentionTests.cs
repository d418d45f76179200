using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56RetentionTests(MySql56Fixture fixture) : RetentionTests
{
    protected override string Fail => "SIGNAL SQLSTATE '45000'";

    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
