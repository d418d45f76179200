using System.Diagnostics.Metrics;

namespace JanusEvents.Observation;

/// <summary>A counter or a histogram whose listeners, which run within each measurement, cannot throw into who measures.</summary>
internal sealed class ContainedInstrument<T>(Instrument<T> instrument, Observers observers)
    where T : struct
{
    /// <summary>Whether somebody listens.</summary>
    public bool Enabled => instrument.Enabled;

    /// <summary>Records a measurement: adds to a counter, or enters a value into a histogram.</summary>
    public void Record(T value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            if (instrument is Counter<T> counter)
                counter.Add(value, tags);
            else
                ((Histogram<T>)instrument).Record(value, tags);
        }
#pragma warning disable CA1031 // As in Observers.Run, whose delegate cannot take a span.
        catch (Exception e)
#pragma warning restore CA1031
        {
            observers.Report("listener of metrics", e);
        }
    }
}
