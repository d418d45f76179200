namespace JanusEvents.Monitoring.State;

/// <summary>
/// The PeerConnections of a server that ended a moment ago. An end is final a second later by the server's clock, when what explains
/// it has come.
/// </summary>
internal sealed class EndsInProgress
{
    /// <summary>How long an end waits for what explains it, in microseconds.</summary>
    public const long Hold = 1_000_000;

    // The last one of each handle.
    private readonly Dictionary<long, PeerConnection> _byHandle = [];

    public IReadOnlyList<PeerConnection> All => [.. _byHandle.Values];

    /// <summary>Notes an end, or a further sign of one.</summary>
    /// <returns>Whether it was the first sign.</returns>
    public bool Add(PeerConnection pc, long at, string word)
    {
        if (pc.EndedAt != 0)
        {
            // Destroyed and detached, in either order: the end is when the handle was gone, its word that of the session.
            if (pc is { IsFinished: false, EndEvent: "detached" } && word is "destroyed" or "timeout")
                pc.EndEvent = word;
            return false;
        }

        (pc.EndedAt, pc.EndEvent) = (Math.Max(at, 1), word);
        _byHandle[pc.Handle.Id] = pc;
        return true;
    }

    /// <summary>Notes that a handle is gone, after its session.</summary>
    /// <returns>Whether a PeerConnection of it ended with the session.</returns>
    public bool Detach(long handle, long at)
    {
        if (!_byHandle.TryGetValue(handle, out PeerConnection? pc) || pc.EndEvent == "hangup")
            return false;
        pc.EndedAt = Math.Max(pc.EndedAt, at);
        return true;
    }

    /// <summary>Makes an end final, by what has come since.</summary>
    public void Finish(PeerConnection pc)
    {
        if (pc.EndEvent == "detached" && pc.Handle.Session is { } session)
        {
            if (session.EndedBy is SessionStates.Destroyed or SessionStates.Timeout && Math.Abs(session.EndedAt - pc.EndedAt) <= Hold)
                pc.EndEvent = session.EndedBy;
            else if (session.DisconnectedAt != 0 && Math.Abs(session.DisconnectedAt - pc.EndedAt) <= Hold)
                pc.EndEvent = "transport";
        }

        pc.IsFinished = true;
        if (_byHandle.GetValueOrDefault(pc.Handle.Id) == pc)
            _byHandle.Remove(pc.Handle.Id);
    }
}
