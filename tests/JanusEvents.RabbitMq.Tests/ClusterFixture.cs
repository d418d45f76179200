using JanusEvents.Testing;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>A cluster of three nodes and a MariaDB, for all tests of a class.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly Lazy<Task<RabbitMqServer>> _cluster = new(() => RabbitMqServer.StartAsync(nodes: 3));
    private readonly Lazy<Task<MariaDbServer>> _database = new(() => MariaDbServer.StartAsync());

    public Task<RabbitMqServer> ClusterAsync() => _cluster.Value;

    public Task<MariaDbServer> DatabaseAsync() => _database.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _cluster.Value).DisposeAsync();
        if (_database is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _database.Value).DisposeAsync();
    }
}
