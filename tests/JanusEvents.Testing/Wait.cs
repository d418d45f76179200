using System.Diagnostics;

namespace JanusEvents.Testing;

/// <summary>The one place where tests wait: for a condition, with a limit, and with words for the failure.</summary>
public static class Wait
{
    /// <summary>
    /// How long a test waits for what must come: far longer than it takes on the busiest machine, since only a failing test
    /// waits for so long.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns when <paramref name="condition"/> holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="what">What is waited for, in words: the exception says "waited 5 s in vain for {what}".</param>
    /// <param name="state">What to add to the exception, asked only when the wait was in vain.</param>
    /// <exception cref="TimeoutException">The condition did not come to hold within the limit.</exception>
    public static Task UntilAsync(Func<bool> condition, TimeSpan limit, string what, Func<string>? state = null) =>
        UntilAsync(() => Task.FromResult(condition()), limit, what, state);

    /// <inheritdoc cref="UntilAsync(Func{bool}, TimeSpan, string, Func{string}?)"/>
    public static async Task UntilAsync(
        Func<Task<bool>> condition, TimeSpan limit, string what, Func<string>? state = null)
    {
        var started = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        while (!await condition().ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                var more = state is null ? "" : Environment.NewLine + state();
                throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s in vain for {what}.{more}");
            }

            await Task.Delay(pause).ConfigureAwait(false);
            // What takes long is not asked for so often.
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 5 / 4, LongestPause.Ticks));
        }
    }
}
