namespace JanusEvents;

/// <summary>An event that somebody sent through Janus's Admin API (<c>custom_event</c>, type 4).</summary>
public sealed record ExternalEvent() : JanusEvent(JanusEventType.External)
{
    /// <summary>The sender's name for the kind of data (<c>schema</c>).</summary>
    public string? Schema { get; init; }

    /// <summary>The data (<c>data</c>): any JSON object, of any size.</summary>
    public RawJson Data { get; init; }
}
