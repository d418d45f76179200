using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MySql56)]
public sealed class MySql56PublishedRetentionTests(MySql56Fixture fixture) : PublishedRetentionTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
