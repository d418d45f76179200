namespace JanusEvents;

/// <summary>
/// One end of a selected pair (<c>candidates.local</c> or <c>candidates.remote</c> of a type 16, subtype 4 event).
/// </summary>
/// <param name="Address">The IP address (<c>address</c>).</param>
/// <param name="Port">The port, 0 to 65535 (<c>port</c>).</param>
/// <param name="Type">The kind of candidate (<c>type</c>): <c>host</c>, <c>srflx</c>, <c>prflx</c> or <c>relay</c>.</param>
/// <param name="Transport">The protocol (<c>transport</c>): <c>udp</c> or <c>tcp</c>.</param>
/// <param name="Family">The version of IP (<c>family</c>): 4 or 6.</param>
public sealed record IceCandidate(string? Address, long? Port, string? Type, string? Transport, long? Family);
