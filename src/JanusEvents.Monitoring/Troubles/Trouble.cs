namespace JanusEvents;

/// <summary>Something that is wrong with a server, a session, a PeerConnection or one of its media, from when to when.</summary>
public sealed record Trouble
{
    /// <summary>
    /// Its stable id: the first 20 characters, in base 32, of the SHA-256 hash of server, subject, code and
    /// <see cref="Began"/>. Another host, and a replay of the same events, give it the same id.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The code: one of <see cref="TroubleCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The worst severity that it has reached.</summary>
    public required TroubleSeverity Severity { get; init; }

    /// <summary>The subject.</summary>
    public required TroubleSubject Subject { get; init; }

    /// <summary>
    /// Where it comes from: <c>client-to-janus</c>, <c>janus-to-client</c>, <c>both</c>, <c>publisher</c>, <c>server</c>;
    /// of <c>high-loss</c> <c>in</c> (to Janus) or <c>out</c>; null where that cannot be told.
    /// </summary>
    public string? Side { get; init; }

    /// <summary>The time of its first sign, by the server's clock.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When its rule was fulfilled, by the server's clock.</summary>
    public required DateTimeOffset Confirmed { get; init; }

    /// <summary>When it ended, by the server's clock; null while it is open. A momentary trouble ends when it is confirmed.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended; null while it is open.</summary>
    public TroubleEnd? EndedBy { get; init; }

    /// <summary>How often it began: one that begins again within a minute of its end is the same one. At least 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The signs of it, at most 20, oldest first.</summary>
    public IReadOnlyList<TroubleEvidence> Evidence { get; init; } = [];

    /// <summary>Figures that it was judged by, by name; such as <c>loss</c> (0 to 1) or <c>rttMs</c>.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>();
}
