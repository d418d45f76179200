namespace JanusEvents;

/// <summary>One side of a call of SIP, NoSIP or VideoCall: a row of the view <c>calls</c>.</summary>
public sealed record RoomCall : RoomInterval
{
    /// <summary>The call-id of SIP or the <c>unique_id</c> of NoSIP; null for VideoCall, which has none.</summary>
    public string? CallId { get; init; }

    /// <summary>The name or identity with which the handle registered last before the call; null where it did not.</summary>
    public string? UserName { get; init; }

    /// <summary>The other side, as SIP names it: who is called, or who calls; null for the other plugins.</summary>
    public string? Peer { get; init; }

    /// <summary>The name to be shown of who calls, at the side that is called (SIP); null where there is none.</summary>
    public string? Display { get; init; }

    /// <summary>Janus's word for how the side came into the call, such as <c>calling</c>, <c>incomingcall</c> or <c>accepted</c>.</summary>
    public string? Event { get; init; }

    /// <summary>When the call was accepted, in UTC, by the server's clock; null where it was not.</summary>
    public DateTimeOffset? Accepted { get; init; }
}
