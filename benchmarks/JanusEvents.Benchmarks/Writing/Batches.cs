using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Delivery;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Writing;

/// <summary>A sink as a host has it, and batches for it that it has not seen.</summary>
internal sealed class Batches : IAsyncDisposable
{
    private const int EventsPerBody = 100;

    private readonly Fleet _server = new(0);
    private readonly JanusEventParser _parser = new();
    private readonly ServiceProvider _services;
    private readonly IEventSink _sink;

    /// <summary>Makes the sink.</summary>
    /// <param name="add">Adds the store to be measured.</param>
    public Batches(Action<JanusEventsBuilder> add)
    {
        ServiceCollection services = new();
        services.AddLogging();
        add(services.AddJanusEvents());
        _services = services.BuildServiceProvider();
        _sink = _services.GetServices<SinkRegistration>().Single().Resolve(_services);
    }

    /// <summary>The next batches, received and parsed.</summary>
    public EventBatch[] Next(int batches, int eventsPerBatch) =>
        [.. Enumerable.Range(0, batches).Select(_ => new EventBatch([.. Enumerable.Range(0, eventsPerBatch / EventsPerBody).Select(_ => NextBody())]))];

    /// <summary>Stores batches one after the other.</summary>
    public async Task WriteAsync(EventBatch[] batches)
    {
        foreach (EventBatch batch in batches)
            await _sink.WriteAsync(batch, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sink is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        await _services.DisposeAsync();
    }

    private ReceivedBody NextBody()
    {
        byte[] body = _server.NextBody(EventsPerBody);
        return new ReceivedBody(body, _parser.Parse(body), DateTimeOffset.UtcNow, "127.0.0.1");
    }
}
