using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>A MariaDB that is not strict: the strict one and MySQL 5.6, which is not strict, have the same tests.</summary>
[Needs(Capabilities.MariaDb)]
[Trait("Category", "Slow")]
public sealed class MariaDbNotStrictUpgradeTests(OddPublishedFixture fixture) : UpgradeTests, IClassFixture<OddPublishedFixture>
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();

    protected override async Task<DatabaseServer> StartServerAsync() => await MariaDbServer.StartAsync("--sql-mode=");
}
