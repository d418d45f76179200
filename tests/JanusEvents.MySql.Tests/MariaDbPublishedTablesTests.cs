using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbPublishedTablesTests(MariaDbFixture fixture) : PublishedTablesTests, IClassFixture<MariaDbFixture>
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
