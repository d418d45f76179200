namespace JanusEvents.Delivery;

/// <summary>
/// The growing wait between tries of something that fails, spread at random by 20 % so that the sinks of many hosts do not
/// return to a database all at once.
/// </summary>
internal sealed class Backoff(JanusEventsOptions options, TimeProvider time, Random? random = null)
{
    private const double Spread = 0.2;

    private readonly Random _random = random ?? Random.Shared;
    private TimeSpan _delay = options.RetryDelay;

    /// <summary>How often it failed since it last worked.</summary>
    public int Failures { get; private set; }

    public void Reset()
    {
        _delay = options.RetryDelay;
        Failures = 0;
    }

    /// <summary>Counts a failure and waits before the next try.</summary>
    /// <returns>False when the wait was ended by the token.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        Failures++;
        try
        {
            await Task.Delay(Next(), time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return true;
    }

    /// <summary>The next wait: between 80 and 120 % of one that doubles each time, and never longer than the longest.</summary>
    private TimeSpan Next()
    {
        TimeSpan shortest = _delay * (1 - Spread);
        TimeSpan longest = Min(_delay * (1 + Spread), options.MaxRetryDelay);
        _delay = Min(_delay * 2, options.MaxRetryDelay);
        return shortest + ((longest - shortest) * _random.NextDouble());
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
