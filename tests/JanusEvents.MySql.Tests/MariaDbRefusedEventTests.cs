using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbRefusedEventTests(MariaDbFixture fixture) : RefusedEventTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();
}
