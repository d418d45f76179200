using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MySql56)]
public sealed class MySql56PublishedTablesTests(MySql56Fixture fixture) : PublishedTablesTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
