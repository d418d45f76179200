using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Detection.Rules;

/// <summary>Judges a PeerConnection for one code.</summary>
internal abstract class CallRule
{
    public abstract void Check(in CallCheck check);
}

/// <summary>The data by which a rule judges a PeerConnection.</summary>
internal readonly ref struct CallCheck(TroubleBook book, MonitoredServer server, PeerConnection call)
{
    public MonitoredServer Server => server;

    public PeerConnection Call => call;

    public long Now => server.Now;

    /// <summary>Whether a trouble of this code is open, of any medium and side.</summary>
    public bool Has(string code) => HasAny(code);

    /// <summary>Whether a trouble of this code is open, of any medium and side, or ended a moment ago.</summary>
    public bool HasAny(string code, long within = 0)
    {
        if (call.Troubles is null)
            return false;
        foreach (OpenTrouble trouble in call.Troubles)
        {
            if (trouble.Code == code && (trouble.IsOpen || Now - trouble.EndedAt < within))
                return true;
        }

        return false;
    }

    public OpenTrouble? Find(string code, string? mid = null, string? side = null) => TroubleBook.Find(call.Troubles, code, mid, side);

    /// <summary>Whether something has lasted long enough; asks for another check when it will have.</summary>
    public bool Lasts(long since, TimeSpan limit)
    {
        long at = Math.Max(since, server.Clock.ResumedAt) + (limit.Ticks / TimeSpan.TicksPerMicrosecond);
        if (Now >= at)
            return true;
        server.CheckAt(call, at);
        return false;
    }

    public void Begin(
        string code,
        TroubleSeverity severity,
        long beganAt,
        string? side = null,
        Medium? medium = null,
        Dictionary<string, double>? numbers = null,
        bool isMomentary = false,
        params ReadOnlySpan<(long At, string What)> signs)
    {
        TroubleBook.NoteCode(call, code);
        book.Begin(call.Troubles ??= [], code, severity, TroubleBook.SubjectOf(server, call, medium), side, beganAt, Now, numbers, isMomentary, signs);
    }

    public void Worsen(OpenTrouble trouble, TroubleSeverity severity, Dictionary<string, double>? numbers) => book.Worsen(trouble, severity, numbers);

    public void End(string code, long at, Medium? medium = null, string? side = null)
    {
        if (Find(code, medium?.Mid, side) is { } trouble)
            book.End(trouble, Math.Max(at, trouble.ConfirmedAt), TroubleEnd.Recovered);
    }
}
