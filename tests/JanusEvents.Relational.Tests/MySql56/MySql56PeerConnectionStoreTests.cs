using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56PeerConnectionStoreTests(MySql56Fixture fixture) : PeerConnectionStoreTests
{
    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());

    protected override string Refuse(string table) =>
        $"CREATE TRIGGER refusing BEFORE INSERT ON {table} FOR EACH ROW SIGNAL SQLSTATE '45000'";
}
