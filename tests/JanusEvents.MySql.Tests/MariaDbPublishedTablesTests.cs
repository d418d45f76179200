using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbPublishedTablesTests(MariaDbFixture fixture) : PublishedTablesTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
