using JanusEvents.Events.Json;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.IceCandidate>;

namespace JanusEvents;

/// <summary>
/// One end of a selected pair (<c>candidates.local</c> or <c>candidates.remote</c> of a type 16, subtype 4 event).
/// </summary>
/// <param name="Address">The IP address (<c>address</c>).</param>
/// <param name="Port">The port, 0 to 65535 (<c>port</c>).</param>
/// <param name="Type">The kind of candidate (<c>type</c>): <c>host</c>, <c>srflx</c>, <c>prflx</c> or <c>relay</c>.</param>
/// <param name="Transport">The protocol (<c>transport</c>): <c>udp</c> or <c>tcp</c>.</param>
/// <param name="Family">The version of IP (<c>family</c>): 4 or 6.</param>
public sealed record IceCandidate(string? Address, long? Port, string? Type, string? Transport, long? Family)
{
    private string? _address = Address;
    private long? _port = Port;
    private string? _type = Type;
    private string? _transport = Transport;
    private long? _family = Family;

    /// <summary>The IP address (<c>address</c>).</summary>
    public string? Address { get => _address; init => _address = value; }

    /// <summary>The port, 0 to 65535 (<c>port</c>).</summary>
    public long? Port { get => _port; init => _port = value; }

    /// <summary>The kind of candidate (<c>type</c>): <c>host</c>, <c>srflx</c>, <c>prflx</c> or <c>relay</c>.</summary>
    public string? Type { get => _type; init => _type = value; }

    /// <summary>The protocol (<c>transport</c>): <c>udp</c> or <c>tcp</c>.</summary>
    public string? Transport { get => _transport; init => _transport = value; }

    /// <summary>The version of IP (<c>family</c>): 4 or 6.</summary>
    public long? Family { get => _family; init => _family = value; }

    internal static PropertyList<IceCandidate> Properties { get; } = new(
        Text("address", c => ref c._address),
        Number("port", c => ref c._port),
        Text("type", c => ref c._type),
        Text("transport", c => ref c._transport),
        Number("family", c => ref c._family));

    internal static IceCandidate Blank() => new(null, null, null, null, null);
}
