using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbUpgradeTests(MariaDbFixture fixture) : UpgradeTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();

    protected override async Task<DatabaseServer> StartServerAsync() => await MariaDbServer.StartAsync();
}
