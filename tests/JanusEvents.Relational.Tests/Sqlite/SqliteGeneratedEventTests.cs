using JanusEvents.Relational.Tests.Stores;

namespace JanusEvents.Relational.Tests.Sqlite;

public sealed class SqliteGeneratedEventTests : GeneratedEventTests
{
    protected override Task<ITestStore> CreateStoreAsync() => Task.FromResult<ITestStore>(new SqliteStore());
}
