using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

[Needs(Capabilities.MySql56)]
public sealed class MySql56PartitionTests(MySql56Fixture fixture) : PartitionTests
{
    protected override Task<MariaDbDatabase> CreateDatabaseAsync() => fixture.CreateDatabaseAsync();

    protected override async Task<DatabaseServer> StartServerAsync(params string[] arguments) =>
        await MySql56Server.StartAsync(arguments);
}
