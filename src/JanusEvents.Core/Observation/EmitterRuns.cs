namespace JanusEvents.Observation;

/// <summary>
/// The events of a body by runs of the same server. A body comes from one server, whose events all have the same string, so that
/// this is one run, found by comparing references.
/// </summary>
internal ref struct EmitterRuns(IReadOnlyList<JanusEvent> events)
{
    /// <summary>The server of the run.</summary>
    public string? Emitter { get; private set; }

    /// <summary>The place of its first event.</summary>
    public int First { get; private set; }

    /// <summary>The place after its last event.</summary>
    public int End { get; private set; }

    public bool MoveNext()
    {
        if (End == events.Count)
            return false;

        First = End++;
        Emitter = events[First].Emitter;
        while (End < events.Count && IsSame(events[End].Emitter, Emitter))
            End++;
        return true;
    }

    private static bool IsSame(string? one, string? other) =>
        ReferenceEquals(one, other) || string.Equals(one, other, StringComparison.Ordinal);
}
