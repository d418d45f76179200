using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbPartitionTests(MariaDbFixture fixture) : PartitionTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();

    protected override async Task<DatabaseServer> StartServerAsync(params string[] arguments) =>
        await MariaDbServer.StartAsync(arguments);
}
