using System.Collections.Frozen;

namespace JanusEvents.Events;

/// <summary>The kinds of events, and which of them belongs to a type, a subtype and, before Janus 0.9.1, to a body's properties.</summary>
internal static class EventKinds
{
    /// <summary>All kinds, in the order of the tables; one that is missing here is read as <see cref="UnknownEvent"/>.</summary>
    public static IReadOnlyList<EventKind> All { get; } =
    [
        SessionEvent.Description,
        HandleEvent.Description,
        CoreEvent.Description,
        JsepEvent.Description,
        IceStateEvent.Description,
        SelectedPairEvent.Description,
        DtlsEvent.Description,
        ConnectionEvent.Description,
        MediaStateEvent.Description,
        MediaStatsEvent.Description,
        PluginEvent.Description,
        TransportEvent.Description,
        LocalCandidateEvent.Description,
        RemoteCandidateEvent.Description,
        SlowLinkEvent.Description,
        ExternalEvent.Description,
        UnknownEvent.Description,
    ];

    private static readonly FrozenDictionary<Type, EventKind> s_byRecord = All.ToFrozenDictionary(kind => kind.Record);

    // By the number of the type; candidates, which come most often, have low subtypes.
    private static readonly EventKind[][] s_byType =
    [
        .. Enumerable.Range(0, All.Max(kind => (int)kind.Type) + 1)
            .Select(type => All.Where(kind => (int)kind.Type == type).OrderBy(kind => kind.Subtype).ToArray()),
    ];

    public static EventKind Of(JanusEvent e) => s_byRecord[e.GetType()];

    /// <summary>The kind of a type and subtype; null where the subtype is missing that decides it.</summary>
    public static EventKind? Of(JanusEventType type, int? subtype)
    {
        ReadOnlySpan<EventKind> kinds = OfType(type);
        foreach (EventKind kind in kinds)
        {
            if (kind.Subtype is null || kind.Subtype == subtype)
                return kind;
        }

        return kinds.IsEmpty || subtype is not null ? UnknownEvent.Description : null;
    }

    /// <summary>The kind of a body with a property, if that property decides it.</summary>
    public static EventKind? OfProperty(JanusEventType type, ReadOnlySpan<byte> name)
    {
        foreach (EventKind kind in OfType(type))
        {
            if (kind.IsDecidedBy(name))
                return kind;
        }

        return null;
    }

    private static ReadOnlySpan<EventKind> OfType(JanusEventType type) =>
        (uint)type < (uint)s_byType.Length ? s_byType[(int)type] : [];
}
