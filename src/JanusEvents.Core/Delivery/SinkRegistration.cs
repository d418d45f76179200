namespace JanusEvents.Delivery;

/// <summary>A sink that was registered: how to call it in messages, and how to get it.</summary>
internal sealed record SinkRegistration(string Name, Func<IServiceProvider, IEventSink> Resolve);
