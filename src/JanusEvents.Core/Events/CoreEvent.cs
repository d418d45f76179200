using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.CoreEvent>;

namespace JanusEvents;

/// <summary>Janus itself started, reported its counters or shuts down (type 256).</summary>
/// <remarks>
/// The first event of a server need not be <c>started</c>, and a server that dies sends no <c>shutdown</c>.
/// </remarks>
public sealed record CoreEvent() : JanusEvent(JanusEventType.Core)
{
    private string? _status;
    private RawJson _info;
    private long? _signum;

    /// <summary>
    /// The change (<c>status</c>): <c>started</c>, <c>update</c> (every 15 s since Janus 1.2.0) or <c>shutdown</c>.
    /// </summary>
    public string? Status { get => _status; init => _status = value; }

    /// <summary>With <c>started</c> the server's description, with <c>update</c> its counters (<c>info</c>).</summary>
    public RawJson Info { get => _info; init => _info = value; }

    /// <summary>The signal that ended it (<c>signum</c>), such as 2 or 15; with <c>shutdown</c>.</summary>
    public long? Signum { get => _signum; init => _signum = value; }

    internal static EventKind<CoreEvent> Description { get; } = new("core", () => new CoreEvent())
    {
        Scope = EventScope.Server,
        Table = "core",
        PublishedColumns = ["name", "value"],
        DerivedValues = [new(null, "name", ValueForm.Text, e => ((CoreEvent)e)._status is null ? null : "status")],
        Properties = new(
            Text("status", e => ref e._status, "value"),
            Json("info", e => ref e._info),
            Number("signum", e => ref e._signum)),
    };
}
