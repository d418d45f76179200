using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

[Needs(Capabilities.Sqlite)]
public sealed class SqliteRetentionRateTests(ITestOutputHelper output) : RetentionRateTests(output)
{
    protected override string Numbers(int most) => $"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {most}) SELECT n FROM c)";

    protected override Task<ITestStore> CreateStoreAsync() => Task.FromResult<ITestStore>(new SqliteStore());
}
