namespace JanusEvents.Observation;

/// <summary>Counts something that may happen again and again, so that it is reported at once and then once a minute.</summary>
/// <param name="time">Measures the minute.</param>
internal sealed class MinuteCount(TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _reported;
    private long _untold;

    /// <summary>Counts.</summary>
    /// <param name="by">How much.</param>
    /// <param name="count">How much there was since the last report.</param>
    /// <returns>Whether to report it now.</returns>
    public bool Add(long by, out long count)
    {
        lock (_gate)
        {
            count = _untold += by;
            if (_reported is { } reported && time.GetElapsedTime(reported) < s_interval)
                return false;

            _reported = time.GetTimestamp();
            _untold = 0;
            return true;
        }
    }
}
