using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbPublishedRetentionTests(MariaDbFixture fixture) : PublishedRetentionTests, IClassFixture<MariaDbFixture>
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
