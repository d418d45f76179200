using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace JanusEvents.Observation;

/// <summary>
/// Contains the code that only observes: listeners of metrics and spans, best-effort sinks, the live feed. It runs on the
/// threads of delivery, so whatever it throws ends here and is logged once for each observer.
/// </summary>
internal sealed class Observers(ContainedLogger<Observers> logger)
{
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <summary>Runs an observer.</summary>
    /// <param name="observer">Its name in messages.</param>
    /// <param name="observe">The observer.</param>
    /// <param name="argument">The value that it observes.</param>
    public void Run<T>(string observer, Action<T> observe, T argument)
    {
        try
        {
            observe(argument);
        }
#pragma warning disable CA1031 // Whatever an observer throws, what it observes has happened.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(observer, e);
        }
    }

    /// <summary>Contains the listeners of an instrument.</summary>
    public ContainedInstrument<T> Contain<T>(Instrument<T> instrument)
        where T : struct => new(instrument, this);

    /// <summary>Logs what an observer threw, the first time.</summary>
    public void Report(string observer, Exception exception)
    {
        if (_reported.TryAdd(observer, true))
            ObservationLog.ObserverFailed(logger, exception, observer);
    }
}
