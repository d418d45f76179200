namespace JanusEvents.Delivery;

/// <summary>A handler that <c>OnEvent</c> added.</summary>
/// <param name="Name">How messages call it.</param>
/// <param name="Required">Whether an event counts as stored only once it was handled.</param>
/// <param name="Takes">Whether an event is of its kind.</param>
/// <param name="HandleAsync">Calls it.</param>
/// <param name="Service">The service that it is called with; null where there is none.</param>
internal sealed record HandlerRegistration(
    string Name,
    bool Required,
    Func<JanusEvent, bool> Takes,
    Func<JanusEvent, IServiceProvider, CancellationToken, ValueTask> HandleAsync,
    Type? Service = null);
