using JanusEvents.Relational.Tests.AtHome;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MariaDb;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbMadeAgainTests(MariaDbFixture fixture) : MadeAgainTests
{
    private MariaDbDatabase? _database;

    protected override Task EmptyAsync() =>
        _database!.Server.QueryAsync($"DROP DATABASE {_database.Name}; CREATE DATABASE {_database.Name}");

    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(_database = await fixture.CreateDatabaseAsync());
}
