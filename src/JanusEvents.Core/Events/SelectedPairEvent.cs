using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.SelectedPairEvent>;

namespace JanusEvents;

/// <summary>ICE chose the pair of candidates that media goes by (type 16, subtype 4).</summary>
public sealed record SelectedPairEvent() : JanusEvent(JanusEventType.WebRtc, 4)
{
    private string? _pair;
    private IceCandidate? _local;
    private IceCandidate? _remote;
    private long? _streamId;
    private long? _componentId;

    /// <summary>
    /// Both candidates as text (<c>selected-pair</c>): <c>address:port [type,protocol] &lt;-&gt; address:port
    /// [type,protocol]</c>.
    /// </summary>
    public string? Pair { get => _pair; init => _pair = value; }

    /// <summary>Janus's candidate (<c>candidates.local</c>), sent since Janus 0.4.0.</summary>
    public IceCandidate? Local { get => _local; init => _local = value; }

    /// <summary>The client's candidate (<c>candidates.remote</c>), sent since Janus 0.4.0.</summary>
    public IceCandidate? Remote { get => _remote; init => _remote = value; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get => _streamId; init => _streamId = value; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get => _componentId; init => _componentId = value; }

    internal static EventKind<SelectedPairEvent> Description { get; } = new("selected_pair", () => new SelectedPairEvent())
    {
        Table = "selectedpairs",
        PublishedColumns = ["stream", "component", "selected"],
        Properties = new(
            Text("selected-pair", e => ref e._pair, "selected", decidesKind: true),
            Object("candidates", new(
                Part("local", e => ref e._local, IceCandidate.Blank, IceCandidate.Properties),
                Part("remote", e => ref e._remote, IceCandidate.Blank, IceCandidate.Properties))),
            Number("stream_id", e => ref e._streamId, "stream"),
            Number("component_id", e => ref e._componentId, "component")),
    };
}
