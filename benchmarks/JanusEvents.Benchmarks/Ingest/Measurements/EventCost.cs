using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Load;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>Microseconds of processor time for an event, by process.</summary>
internal sealed class EventCost(int database, int host)
{
    private readonly int[] _processes = [Environment.ProcessId, host, database];
    private double[] _perEvent = new double[3];

    public double Load => _perEvent[0];

    public double Host => _perEvent[1];

    public double Database => _perEvent[2];

    public async Task<(LoadResult Sent, TimeSpan Waited)> MeasureAsync(Func<Action, Task<(LoadResult Sent, TimeSpan Waited)>> send)
    {
        double[] before = [];
        (LoadResult sent, TimeSpan waited) = await send(() => before = Read());
        _perEvent = [.. Read().Zip(before, (after, first) => (after - first) * 1e6 / sent.Events)];
        return (sent, waited);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"load {Load:0.0}, host {Host:0.0}, MariaDB {Database:0.0} µs/event");

    private double[] Read() => [.. _processes.Select(ProcessUse.ProcessorSeconds)];
}
