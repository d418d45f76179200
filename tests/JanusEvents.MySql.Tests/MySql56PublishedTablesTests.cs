using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MySql56)]
public sealed class MySql56PublishedTablesTests(MySql56Fixture fixture) : PublishedTablesTests, IClassFixture<MySql56Fixture>
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
