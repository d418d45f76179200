using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MariaDb;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbPeerConnectionStoreTests(MariaDbFixture fixture) : PeerConnectionStoreTests
{
    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());

    protected override string Refuse(string table) =>
        $"CREATE TRIGGER refusing BEFORE INSERT ON {table} FOR EACH ROW SIGNAL SQLSTATE '45000'";
}
