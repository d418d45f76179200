namespace JanusEvents.Monitoring.State;

/// <summary>
/// An estimate of how good a medium is, 1.0 to 4.5, from loss, jitter and round-trip time: the simplified E-model that is common for
/// voice. Of video, what was lost for good counts alone.
/// </summary>
internal static class Quality
{
    private const double BestRating = 93.2;

    public static double OfAudio(double loss, double jitterMs, double rttMs)
    {
        double latency = (rttMs / 2) + (2 * jitterMs) + 10;
        double rating = latency < 160 ? BestRating - (latency / 40) : BestRating - ((latency - 120) / 10);
        return Score(rating - (2.5 * loss * 100));
    }

    public static double OfVideo(double loss) => Score(100 - (2.5 * loss * 100));

    /// <summary>One figure for several: one that is dead weighs more than a mean would say.</summary>
    public static double Of(IReadOnlyCollection<double> scores) =>
        Math.Clamp(5 - Math.Sqrt(scores.Average(s => (5 - s) * (5 - s))), 1, 4.5);

    private static double Score(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Clamp(1 + (0.035 * rating) + (7e-6 * rating * (rating - 60) * (100 - rating)), 1, 4.5),
    };
}
