namespace JanusEvents;

/// <summary>How a handler of <c>OnEvent</c> is called.</summary>
public sealed class JanusEventHandlerOptions
{
    /// <summary>
    /// False, the default, for a best-effort handler: an event is handled after it is stored, exceptions are logged, and
    /// events are dropped when handlers do not keep up. True when an event counts as stored only after it was handled: an
    /// exception delays the answer to the sender, and the handler is called again for the same event until it succeeds, so
    /// that one event that can never be handled stops everything.
    /// </summary>
    public bool Required { get; set; }

    internal static JanusEventHandlerOptions Of(Action<JanusEventHandlerOptions>? configure)
    {
        JanusEventHandlerOptions options = new();
        configure?.Invoke(options);
        return options;
    }
}
