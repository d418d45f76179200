using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests.Stores;

/// <summary>A database of a private MariaDB.</summary>
internal sealed class MariaDbStore : Store
{
    private readonly MariaDbDatabase _database;

    private MariaDbStore(MariaDbDatabase database) => _database = database;

    public DatabaseServer Server => _database.Server;

    public override IReadOnlyList<string> HostArguments =>
        ["--JanusEvents:Store=MySql", $"--ConnectionStrings:JanusEvents={_database.ConnectionString}"];

    public override TimeSpan Delay => Wait.Limit;

    public static async Task<MariaDbStore> StartAsync(NetworkNamespace? inside = null)
    {
        var server = await MariaDbServer.StartAsync(inside);
        return new MariaDbStore(await server.CreateDatabaseAsync());
    }

    public override async Task<IReadOnlyList<string?[]>> QueryAsync(string sql)
    {
        try
        {
            return await _database.QueryAsync(sql);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("ERROR 1146", StringComparison.Ordinal)) // no such table
        {
            return [];
        }
    }

    public override ValueTask DisposeAsync() => _database.Server.DisposeAsync();
}
