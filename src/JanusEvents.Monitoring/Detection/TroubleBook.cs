using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Detection;

/// <summary>
/// Begins and ends troubles, so that one subject has each of them once at a time: one that begins again within a minute of its end is
/// the same. Guarded by the lock of the state.
/// </summary>
internal sealed class TroubleBook(IReadOnlyList<ITroubleObserver> observers, IReadOnlyList<IEndObserver> ends)
{
    private const long ReopenedWithin = 60_000_000;
    private const int MaxCodes = 32;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly Dictionary<string, Trouble> _endedBefore = new(StringComparer.Ordinal);

    /// <summary>Whether stored events are replayed: troubles go to the tables, and no other observer is notified.</summary>
    public bool IsRestoring { get; set; }

    /// <summary>After restoring: open troubles continue; those that are not stored yet are reported as new.</summary>
    /// <param name="open">The open troubles.</param>
    /// <param name="known">The troubles that were open before the host started.</param>
    /// <returns>What was open before, and of which nothing was found.</returns>
    public IReadOnlyList<Trouble> Resume(IEnumerable<OpenTrouble> open, IReadOnlyList<Trouble> known)
    {
        HashSet<string> ids = [.. known.Select(t => t.Id)];
        foreach (OpenTrouble trouble in open)
        {
            if (!ids.Contains(trouble.Id!))
                Tell(trouble, TroubleChange.Began);
        }

        foreach (Trouble trouble in known)
        {
            foreach (ITroubleObserver observer in observers)
            {
                observer.Resume(trouble);
                if (_endedBefore.TryGetValue(trouble.Id, out Trouble? ended) && !observer.IsToldOfRestored)
                    observer.Changed(ended, TroubleChange.Ended);
            }
        }

        IReadOnlyList<Trouble> lost = [.. known.Where(t => !_endedBefore.ContainsKey(t.Id))];
        _endedBefore.Clear();
        return lost;
    }

    /// <summary>Tells of a trouble of something that is not followed.</summary>
    public void Tell(Trouble trouble, TroubleChange change)
    {
        foreach (ITroubleObserver observer in observers)
            observer.Changed(trouble, change);
    }

    public static DateTimeOffset Time(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(microseconds, 0, 250_000_000_000_000_000) * TimeSpan.TicksPerMicrosecond);

    public static TroubleSubject SubjectOf(MonitoredServer server, PeerConnection pc, Medium? medium = null) => new()
    {
        Emitter = server.Emitter,
        Session = pc.Handle.Session.Id,
        Handle = pc.Handle.Id,
        Number = pc.Number,
        Medium = medium?.Kind,
        Mid = medium?.Mid,
        Plugin = pc.Handle.Plugin,
        OpaqueId = pc.Handle.OpaqueId,
        Room = pc.Handle.Room,
        Participant = pc.Handle.Participant,
        Display = pc.Handle.Display,
    };

    /// <summary>The trouble of this code that is open.</summary>
    public static OpenTrouble? Find(List<OpenTrouble>? troubles, string code, string? mid = null, string? side = null)
    {
        if (troubles is null)
            return null;
        foreach (OpenTrouble trouble in troubles)
        {
            if (trouble.IsOpen && trouble.Is(code, mid, side))
                return trouble;
        }

        return null;
    }

    /// <summary>Begins a trouble.</summary>
    /// <param name="of">The troubles of its subject.</param>
    /// <param name="code">Its code.</param>
    /// <param name="severity">How bad it is.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="side">Where it comes from.</param>
    /// <param name="beganAt">Its first sign.</param>
    /// <param name="now">When it is sure.</param>
    /// <param name="numbers">The numbers that it was judged by.</param>
    /// <param name="isMomentary">Whether it is over at once.</param>
    /// <param name="signs">Its signs.</param>
    public OpenTrouble Begin(
        List<OpenTrouble> of,
        string code,
        TroubleSeverity severity,
        TroubleSubject subject,
        string? side,
        long beganAt,
        long now,
        Dictionary<string, double>? numbers = null,
        bool isMomentary = false,
        params ReadOnlySpan<(long At, string What)> signs)
    {
        of.RemoveAll(t => !t.IsOpen && now - t.EndedAt > ReopenedWithin);
        OpenTrouble? trouble = of.Find(t => !t.IsOpen && !isMomentary && t.Is(code, subject.Mid, side) && t.Subject.Session == subject.Session);
        if (trouble is not null)
        {
            trouble.Count++;
            trouble.EndedAt = 0;
            trouble.Severity = (TroubleSeverity)Math.Max((int)trouble.Severity, (int)severity);
        }
        else
        {
            trouble = new OpenTrouble(code, subject, side, Math.Min(beganAt, now)) { ConfirmedAt = now, Severity = severity };
            trouble.Id = IdOf(trouble);
            of.Add(trouble);
        }

        trouble.Numbers = numbers ?? trouble.Numbers;
        foreach ((long at, string what) in signs)
        {
            if (at != 0 && trouble.Evidence.Count < OpenTrouble.MaxEvidence)
                trouble.Evidence.Add(new TroubleEvidence(Time(at), what));
        }

        if (isMomentary)
            (trouble.EndedAt, trouble.EndedBy) = (now, TroubleEnd.CallEnded);
        Tell(trouble, TroubleChange.Began);
        return trouble;
    }

    public void Worsen(OpenTrouble trouble, TroubleSeverity severity, Dictionary<string, double>? numbers)
    {
        trouble.Severity = severity;
        trouble.Numbers = numbers ?? trouble.Numbers;
        Tell(trouble, TroubleChange.Worsened);
    }

    public void End(OpenTrouble trouble, long at, TroubleEnd by)
    {
        if (!trouble.IsOpen)
            return;
        (trouble.EndedAt, trouble.EndedBy) = (Math.Max(at, 1), by);
        Tell(trouble, TroubleChange.Ended);
    }

    /// <summary>Tells that a PeerConnection has ended, and its troubles with it.</summary>
    public void Ended(MonitoredServer server, PeerConnection pc)
    {
        foreach (IEndObserver observer in ends)
            observer.Ended(server, pc);
    }

    /// <summary>Notes that a PeerConnection had a trouble.</summary>
    public static void NoteCode(PeerConnection pc, string code)
    {
        pc.TroubleCodes ??= [];
        if (pc.TroubleCodes.Count < MaxCodes && !pc.TroubleCodes.Contains(code))
            pc.TroubleCodes.Add(code);
    }

    public static Trouble ToTrouble(OpenTrouble trouble) => new()
    {
        Id = trouble.Id ?? IdOf(trouble),
        Code = trouble.Code,
        Severity = trouble.Severity,
        Subject = trouble.Subject,
        Side = trouble.Side,
        Began = Time(trouble.BeganAt),
        Confirmed = Time(trouble.ConfirmedAt),
        Ended = trouble.IsOpen ? null : Time(trouble.EndedAt),
        EndedBy = trouble.IsOpen ? null : trouble.EndedBy,
        Count = trouble.Count,
        Evidence = [.. trouble.Evidence],
        Numbers = trouble.Numbers is null ? new Dictionary<string, double>() : new Dictionary<string, double>(trouble.Numbers),
    };

    private void Tell(OpenTrouble trouble, TroubleChange change)
    {
        if (observers.Count == 0)
            return;
        Trouble told = ToTrouble(trouble);
        if (IsRestoring && change == TroubleChange.Ended)
            _endedBefore[told.Id] = told;
        foreach (ITroubleObserver observer in observers)
        {
            if (!IsRestoring || observer.IsToldOfRestored)
                observer.Changed(told, change);
        }
    }

    // The first 100 bits in base 32: the same on each host that saw the same events.
    private static string IdOf(OpenTrouble trouble)
    {
        TroubleSubject s = trouble.Subject;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{s.Emitter}\n{s.Session}\n{s.Handle}\n{s.Number}\n{s.Mid}\n{(s.Handle is null ? s.Room : null)}\n{trouble.Side}\n{trouble.Code}\n{trouble.BeganAt}");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(20, hash, static (id, bytes) =>
        {
            for (int i = 0; i < id.Length; i++)
            {
                int bit = i * 5;
                int two = (bytes[bit / 8] << 8) | bytes[(bit / 8) + 1];
                id[i] = Base32[(two >> (11 - (bit % 8))) & 31];
            }
        });
    }
}

/// <summary>Learns which PeerConnections have ended. Is called under the lock of the state, so that it must only take note.</summary>
internal interface IEndObserver
{
    void Ended(MonitoredServer server, PeerConnection pc);
}
