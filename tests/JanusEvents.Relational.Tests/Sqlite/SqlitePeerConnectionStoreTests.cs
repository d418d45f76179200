using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

[Needs(Capabilities.Sqlite)]
public sealed class SqlitePeerConnectionStoreTests : PeerConnectionStoreTests
{
    protected override Task<ITestStore> CreateStoreAsync() => Task.FromResult<ITestStore>(new SqliteStore());

    protected override string Refuse(string table) =>
        $"CREATE TRIGGER refusing BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END";
}
