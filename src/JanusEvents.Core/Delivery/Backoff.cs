namespace JanusEvents.Delivery;

/// <summary>The growing wait between tries of something that fails.</summary>
internal sealed class Backoff(JanusEventsOptions options, TimeProvider time)
{
    private TimeSpan _delay = options.RetryDelay;

    /// <summary>How often it failed since it last worked.</summary>
    public int Failures { get; private set; }

    public void Reset()
    {
        _delay = options.RetryDelay;
        Failures = 0;
    }

    /// <summary>Notes a failure and waits before the next try.</summary>
    /// <returns>False when the wait was ended by the token.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        Failures++;
        try
        {
            await Task.Delay(_delay, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, options.MaxRetryDelay.Ticks));
        return true;
    }
}
