using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>What a host has of a store: its services, started, with the sink as <c>AddMySql</c> or <c>AddSqlite</c> made it.</summary>
public sealed class StoreHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _hasWritten;

    private StoreHost(ServiceProvider services) => _services = services;

    /// <summary>What the host logged.</summary>
    public KeptLog Log => _services.GetRequiredService<KeptLog>();

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Its table of facts.</summary>
    public IRoomFacts RoomFacts => _services.GetRequiredService<IRoomFacts>();

    /// <summary>Its sink.</summary>
    public IEventSink Sink => _services.GetRequiredService<SinkRegistration>().Resolve(_services);

    /// <summary>Its tables.</summary>
    public IEventSchema Schema => _services.GetRequiredService<IEventSchema>();

    /// <summary>Starts a host.</summary>
    /// <param name="add">Adds the sink.</param>
    /// <param name="configure">Registers more services.</param>
    public static async Task<StoreHost> StartAsync(Action<JanusEventsBuilder> add, Action<IServiceCollection>? configure = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<KeptLog>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<KeptLog>());
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug));
        configure?.Invoke(services);
        add(services.AddJanusEvents());
        var host = new StoreHost(services.BuildServiceProvider());
        try
        {
            foreach (var service in host._services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes bodies as one batch; throws when the store fails.</summary>
    public async ValueTask WriteAsync(params ReceivedBody[] bodies)
    {
        bool isFirst = !Interlocked.Exchange(ref _hasWritten, true);
        try
        {
            await Sink.WriteAsync(new EventBatch(bodies), CancellationToken.None);
        }
        catch (TimeoutException) when (isFirst)
        {
            // The first batch also creates the tables, which may take a busy server longer than a batch's limit.
            await WriteUntilStoredAsync(bodies);
        }
    }

    /// <summary>Writes bodies as one batch, again and again until the store takes them.</summary>
    public Task WriteUntilStoredAsync(params ReceivedBody[] bodies)
    {
        Exception? latest = null;
        return Wait.UntilAsync(
            async () =>
            {
                try
                {
                    await WriteAsync(bodies);
                    return true;
                }
                catch (Exception e)
                {
                    latest = e;
                    return false;
                }
            },
            Wait.Limit,
            "the store to take a batch",
            () => $"{latest}");
    }

    /// <summary>Writes many bodies in batches of some of them.</summary>
    public async Task WriteAllAsync(IEnumerable<ReceivedBody> bodies, int perBatch)
    {
        foreach (var batch in bodies.Chunk(perBatch))
            await WriteAsync(batch);
    }

    /// <summary>Reads events back.</summary>
    public async Task<List<JanusEvent>> ReadAsync(EventQuery query)
    {
        List<JanusEvent> events = [];
        await foreach (var e in _services.GetRequiredService<IEventStore>().ReadAsync(query))
            events.Add(e);
        return events;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
