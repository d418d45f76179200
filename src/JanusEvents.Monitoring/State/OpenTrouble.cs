namespace JanusEvents.Monitoring.State;

/// <summary>A trouble of something that is followed, open or ended within the last minute. Times are microseconds since 1970 by the server's clock.</summary>
internal sealed class OpenTrouble(string code, TroubleSubject subject, string? side, long beganAt)
{
    public const int MaxEvidence = 20;

    public string Code => code;

    public TroubleSubject Subject => subject;

    public string? Side => side;

    public long BeganAt => beganAt;

    public string? Id { get; set; }

    public TroubleSeverity Severity { get; set; }

    public long ConfirmedAt { get; set; }

    /// <summary>When it ended; 0 while it is open.</summary>
    public long EndedAt { get; set; }

    public TroubleEnd EndedBy { get; set; }

    public int Count { get; set; } = 1;

    public List<TroubleEvidence> Evidence { get; } = [];

    public Dictionary<string, double>? Numbers { get; set; }

    public bool IsOpen => EndedAt == 0;

    public bool Is(string otherCode, string? mid, string? otherSide) =>
        code == otherCode && side == otherSide && subject.Mid == mid;
}
