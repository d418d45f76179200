using JanusEvents.Observation;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Delivery;

/// <summary>A sink that was registered: how to call it in messages, how to get it, and whether every event must reach it.</summary>
internal sealed record SinkRegistration(string Name, Func<IServiceProvider, IEventSink> Resolve, bool Required)
{
    /// <summary>The type or the instance that was added, which must be added once only; null where that does not matter.</summary>
    public object? Source { get; init; }

    /// <summary>Gets the sink, watched.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="holdsAnswers">Whether senders wait for it.</param>
    public IEventSink Open(IServiceProvider services, bool holdsAnswers) =>
        services.GetRequiredService<SinkRecords>().Watch(Name, holdsAnswers, Resolve(services));
}

/// <summary>Makes a sink of a delegate.</summary>
internal sealed class DelegateSink(Func<EventBatch, CancellationToken, ValueTask> write) : IEventSink
{
    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => write(batch, cancellationToken);
}
