using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MySql56)]
public sealed class MySql56RefusedEventTests(MySql56Fixture fixture) : RefusedEventTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
