using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbPublishedRetentionTests(MariaDbFixture fixture) : PublishedRetentionTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
