using JanusEvents.Settings;

namespace JanusEvents;

/// <summary>
/// The limits of an endpoint for Janus's WebSocket event handler. Give it to <c>MapJanusEventsWebSocket</c> for one
/// endpoint; endpoints without options of their own take the section <c>JanusEvents:WebSocket</c> of the configuration, and
/// then what the host configured with <c>services.Configure&lt;JanusEventsWebSocketOptions&gt;</c>, as it is when they are
/// mapped.
/// </summary>
public sealed class JanusEventsWebSocketOptions
{
    // Array.MaxLength, which is no constant.
    private const long MaxArray = 0x7FFFFFC7;

    /// <summary>
    /// The sub-protocol that Janus must ask for (<c>subprotocol</c> of its event handler), <c>janus-event-handlers</c> by
    /// default, which is also Janus's default. A request for another is refused; Janus then keeps its events and tries again.
    /// Null or empty lets in whatever is asked for, and those who ask for none.
    /// </summary>
    public string? SubProtocol { get; set; } = "janus-event-handlers";

    /// <summary>
    /// The biggest message in bytes, 1 to 2,147,483,591; 67,108,864 (64 MiB) by default. Of a bigger one that many bytes
    /// are kept: the events in them are stored, the one that is cut is rejected, and what follows is passed over.
    /// </summary>
    [Within(1, MaxArray)]
    public long MaxMessageBytes { get; set; } = 64 << 20;

    /// <summary>
    /// How many messages of a connection may have been read and not be stored yet, 1 to 1,000; 32 by default. When that
    /// many wait nothing more is read, and Janus keeps the rest. Waiting messages are lost when the host dies: 1 makes that as
    /// little as can be, at the price of one commit for each message.
    /// </summary>
    [Within(1, 1000)]
    public int MaxMessagesInFlight { get; set; } = 32;

    /// <summary>
    /// How often a sign of life is sent on a connection, so that no box in between takes it for dead and a Janus that is
    /// gone is noticed in the end; 30 s by default, up to a day. Zero sends none.
    /// </summary>
    [WithinTime("0", "1.00:00:00", Because = "; zero sends no signs of life")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);
}
