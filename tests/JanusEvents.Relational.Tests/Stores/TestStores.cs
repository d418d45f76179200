using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>A kind of database, of which each test gets an empty one.</summary>
/// <param name="Needed">What its tests need of the machine.</param>
/// <param name="CreateAsync">Creates an empty database.</param>
public sealed record TestStores(Capabilities Needed, Func<Task<ITestStore>> CreateAsync)
{
    /// <summary>SQLite, for tests that do not query it by themselves.</summary>
    public static TestStores SqliteFile { get; } = new(Capabilities.None, () => Task.FromResult<ITestStore>(new SqliteStore()));

    /// <summary>SQLite.</summary>
    public static TestStores Sqlite { get; } = SqliteFile with { Needed = Capabilities.Sqlite };

    /// <summary>A server.</summary>
    public static TestStores On<TServer>(DatabaseFixture<TServer> server)
        where TServer : DatabaseServer =>
        new(server.Needed, async () => new MariaDbStore(await server.CreateDatabaseAsync()));
}
