using System.Buffers;
using JanusEvents.Events;
using JanusEvents.Events.Json;

namespace JanusEvents;

/// <summary>
/// One event of a Janus WebRTC server. Each kind of body has a record of its own; switch on the record's type.
/// An event is immutable and valid permanently.
/// </summary>
/// <remarks>
/// Every property is optional: Janus leaves out what does not apply, older releases know fewer properties, and a value
/// of an unexpected form (a number sent as a string, say) shows as <see langword="null"/>. The original is always
/// there in <see cref="Json"/>, properties that this model does not know included.
/// <para>
/// Events can also be made by code, with <c>new</c>, or with <c>with</c> from others; a record's own type and subtype are
/// set then already (but for <see cref="CoreEvent"/>, whose subtype is 1, or 2 for a shutdown). <see cref="ToJson"/>
/// writes any of them, <see cref="ReceivedBody.FromEvents"/> makes a body of them.
/// </para>
/// </remarks>
public abstract record JanusEvent
{
    private EventEnvelope _envelope;

    private protected JanusEvent(JanusEventType type, int? subtype = null)
    {
        _envelope.Type = type;
        _envelope.Subtype = subtype;
    }

    /// <summary>Makes the copy that a <c>with</c> expression changes.</summary>
    /// <param name="original">The event to copy.</param>
    protected JanusEvent(JanusEvent original)
    {
        ArgumentNullException.ThrowIfNull(original);
        _envelope = original._envelope;
        _envelope.IsCopy = true;
    }

    /// <summary>The kind of thing reported (<c>type</c>).</summary>
    public JanusEventType Type { get => _envelope.Type; private protected init => _envelope.Type = value; }

    /// <summary>
    /// The kind of body within the type (<c>subtype</c>): sent by Janus 0.9.1 and later, and only for
    /// <see cref="JanusEventType.WebRtc"/>, <see cref="JanusEventType.Media"/> and <see cref="JanusEventType.Core"/>.
    /// </summary>
    public int? Subtype { get => _envelope.Subtype; init => _envelope.Subtype = value; }

    /// <summary>
    /// The server that sent the event (<c>emitter</c>): its <c>server_name</c>, or <c>MyJanusInstance</c> when none was
    /// configured. Absent before Janus 0.2.6.
    /// </summary>
    public string? Emitter { get => _envelope.Emitter; init => _envelope.Emitter = value; }

    /// <summary>
    /// When it happened by the server's clock (<c>timestamp</c>, microseconds since 1970), exact to the microsecond.
    /// Neither unique nor increasing: events of different threads arrive up to some milliseconds out of order.
    /// </summary>
    public DateTimeOffset? Timestamp { get => _envelope.Timestamp; init => _envelope.Timestamp = value; }

    /// <summary>
    /// The session (<c>session_id</c>), 1 to 2^63-1. Unique on one server only. Absent for external, transport and core
    /// events and for plugin events that belong to no handle.
    /// </summary>
    public long? SessionId { get => _envelope.SessionId; init => _envelope.SessionId = value; }

    /// <summary>
    /// The handle (<c>handle_id</c>), unique only inside its session. Absent where it does not apply.
    /// </summary>
    public long? HandleId { get => _envelope.HandleId; init => _envelope.HandleId = value; }

    /// <summary>
    /// The client's own name for the handle (<c>opaque_id</c>), of any length, possibly empty. Absent when the client
    /// gave none and before Janus 0.3.0.
    /// </summary>
    public string? OpaqueId { get => _envelope.OpaqueId; init => _envelope.OpaqueId = value; }

    /// <summary>
    /// The whole event as Janus sent it, envelope and body. Empty for an event that was made by code, with <c>new</c> or
    /// <c>with</c>; <see cref="ToJson"/> writes these too.
    /// </summary>
    public RawJson Json => _envelope.IsCopy ? default : new RawJson(_envelope.Json);

    /// <summary>The envelope as the parser read it.</summary>
    internal ref EventEnvelope Envelope => ref _envelope;

    /// <summary>Writes the event as Janus does when it writes compact JSON: on one line, without white space.</summary>
    /// <returns>
    /// The JSON that Janus sent, in its order and with its very numbers, only without the white space between tokens. An event that
    /// was made by <c>new</c> is written from its properties under Janus's names and in Janus's order, those that are
    /// <see langword="null"/> left out. One that was made by <c>with</c> has besides these whatever else the original had.
    /// A part of combined statistics gives the whole combined event if it was received, else one with this part alone.
    /// </returns>
    public string ToJson()
    {
        if (Json is { IsEmpty: false } json)
            return json.ToCompactString();

        ArrayBufferWriter<byte> buffer = new();
        EventWriter.Write(this, buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes what <see cref="ToJson"/> gives, as UTF-8.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Json is { IsEmpty: false } json)
            json.WriteCompactTo(writer);
        else
            EventWriter.Write(this, writer);
    }
}
