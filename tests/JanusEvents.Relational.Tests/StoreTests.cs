using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests;

/// <summary>What the tests of every kind of database have in common.</summary>
public abstract class StoreTests(TestStores stores) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _hosts = [];
    private ITestStore? _store;

    /// <summary>The test's own empty database.</summary>
    protected ITestStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        Machine.SkipWithout(stores.Needed);
        _store = await stores.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a host that stores into the test's database; it stops with the test.</summary>
    /// <param name="configure">Sets options of the store.</param>
    /// <param name="services">Registers more services.</param>
    protected async Task<StoreHost> StartHostAsync(
        Action<EventStoreOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var host = await StoreHost.StartAsync(builder => Store.AddTo(builder, configure), services);
        _hosts.Add(host);
        return host;
    }

    /// <summary>The first column of a query's rows.</summary>
    protected async Task<string?[]> ColumnAsync(string sql) => [.. (await Store.QueryAsync(sql)).Select(row => row[0])];

    protected async Task<int> CountAsync(string table) =>
        int.Parse((await ColumnAsync($"SELECT count(*) FROM {table}"))[0]!, System.Globalization.CultureInfo.InvariantCulture);
}
