using System.Diagnostics.Metrics;
using JanusEvents.Observation;

namespace JanusEvents.Spool;

/// <summary>The instruments of a spool: how far the sinks are behind.</summary>
internal static class SpoolMetrics
{
    /// <summary>Lets a spool be observed.</summary>
    public static void Observe(JanusEventsMeter meter, IEventSpool spool, TimeProvider time)
    {
        Meter m = meter.Meter;
        m.CreateObservableUpDownCounter("janus_events.spool.backlog", () => spool.ReadBacklog().Bodies, "{body}", "Bodies in the spool that not every sink has stored.");
        m.CreateObservableUpDownCounter("janus_events.spool.backlog.size", () => spool.ReadBacklog().Bytes, "By", "Bytes of the bodies in the spool that not every sink has stored.");
        m.CreateObservableGauge("janus_events.spool.backlog.age", () => Age(spool.ReadBacklog(), time), "s", "How long ago the oldest body in the spool arrived that not every sink has stored; 0 when there is none.");
        m.CreateObservableUpDownCounter("janus_events.spool.suspended_sinks", () => (long)spool.ReadBacklog().SuspendedSinks.Count, "{sink}", "Sinks that held up the others when the spool was full, and miss events now.");
    }

    private static double Age(SpoolBacklog backlog, TimeProvider time) =>
        backlog.OldestArrivedAt is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0;
}
