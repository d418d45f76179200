using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>Tests that run on several servers: <c>ServerMatrix.cs</c> has which.</summary>
public abstract class ServerTests
{
    private readonly TestServers _servers;

    private protected ServerTests(TestServers servers)
    {
        Machine.SkipWithout(servers.Needed);
        _servers = servers;
    }

    /// <summary>An empty database of the server that the tests share.</summary>
    protected Task<MariaDbDatabase> CreateDatabaseAsync() => _servers.CreateDatabaseAsync();

    /// <summary>Starts a server of the test's own.</summary>
    protected Task<DatabaseServer> StartServerAsync(params string[] arguments) => _servers.StartAsync(arguments);
}

/// <summary>A kind of server.</summary>
/// <param name="Needed">What its tests need of the machine.</param>
/// <param name="CreateDatabaseAsync">Creates an empty database on the server that the tests share.</param>
/// <param name="StartAsync">Starts another server with some arguments.</param>
public sealed record TestServers(
    Capabilities Needed, Func<Task<MariaDbDatabase>> CreateDatabaseAsync, Func<string[], Task<DatabaseServer>> StartAsync)
{
    public static TestServers Of(MariaDbFixture server) =>
        new(server.Needed, server.CreateDatabaseAsync, async arguments => await MariaDbServer.StartAsync(arguments));

    public static TestServers Of(MySql56Fixture server) =>
        new(server.Needed, server.CreateDatabaseAsync, async arguments => await MySql56Server.StartAsync(arguments));

    public static TestServers Of(OddPublishedFixture server) =>
        new(server.Needed, server.CreateDatabaseAsync, async arguments => await MariaDbServer.StartAsync(["--sql-mode=", .. arguments]));
}
