using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

[Needs(Capabilities.Sqlite)]
public sealed class SqliteRetentionTests : RetentionTests
{
    protected override string Fail => "BEGIN SELECT RAISE(ABORT, 'forbidden'); END";

    protected override Task<ITestStore> CreateStoreAsync() => Task.FromResult<ITestStore>(new SqliteStore());
}
