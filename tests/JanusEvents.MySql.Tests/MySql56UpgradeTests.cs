using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>The oldest server, which takes the longest; MariaDB has the same tests.</summary>
[Needs(Capabilities.MySql56)]
[Trait("Category", "Slow")]
public sealed class MySql56UpgradeTests(MySql56Fixture fixture) : UpgradeTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();

    protected override async Task<DatabaseServer> StartServerAsync() => await MySql56Server.StartAsync();
}
