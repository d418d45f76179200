using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MySql56)]
public sealed class MySql56UpgradeTests(MySql56Fixture fixture) : UpgradeTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();

    protected override async Task<DatabaseServer> StartServerAsync() => await MySql56Server.StartAsync();
}
