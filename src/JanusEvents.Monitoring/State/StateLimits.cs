namespace JanusEvents.Monitoring.State;

/// <summary>The limits that periods are measured by as they come.</summary>
/// <param name="Jitter">Of audio's jitter.</param>
/// <param name="RttRaise">Of the round-trip time in milliseconds.</param>
/// <param name="RttEnd">Below which it is well again.</param>
internal sealed record StateLimits(JitterLimits Jitter, int RttRaise, int RttEnd)
{
    public static StateLimits Of(TroublesOptions options) => new(
        new JitterLimits((int)options.HighJitter.Raise, (int)options.HighJitter.End),
        options.HighRtt.Enabled ? (int)options.HighRtt.Raise : int.MaxValue,
        (int)options.HighRtt.End);
}
