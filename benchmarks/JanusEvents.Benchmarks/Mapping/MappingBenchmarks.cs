using BenchmarkDotNet.Attributes;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Benchmarks.Mapping;

/// <summary>
/// Making a row of each event, against the least that a row for ADO.NET takes: an array with as many values, each number
/// in a box of its own. All figures are per event.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class MappingBenchmarks
{
    private const int EventsPerInvoke = 1000;

    private readonly Dictionary<EventTable, TableLayout> _layouts = EventTables.All.ToDictionary(t => t, TableLayout.Complete);
    private JanusEvent[] _events = [];
    private object?[][] _rows = [];

    /// <summary>Takes events of the mix of a captured call, and makes their rows once.</summary>
    [GlobalSetup]
    public void TakeEvents()
    {
        _events = [.. new JanusEventParser().Parse(new Fleet(0).NextBody(EventsPerInvoke)).Events];
        _rows = [.. _events.Select((e, i) => Row(e, i).Values)];
    }

    /// <summary>The values alone.</summary>
    /// <returns>How many there are.</returns>
    [Benchmark(Baseline = true, OperationsPerInvoke = EventsPerInvoke)]
    public int BareRows()
    {
        int values = 0;
        foreach (object?[] row in _rows)
        {
            object?[] copy = new object?[row.Length];
            for (int i = 0; i < row.Length; i++)
            {
                copy[i] = row[i] switch
                {
                    long number => number,
                    DateTime time => time,
                    bool flag => flag,
                    object other => other,
                    null => null,
                };
            }

            values += copy.Length;
        }

        return values;
    }

    /// <summary>The mapping.</summary>
    /// <returns>How many values there are.</returns>
    [Benchmark(OperationsPerInvoke = EventsPerInvoke)]
    public int Map()
    {
        int values = 0;
        for (int i = 0; i < _events.Length; i++)
            values += Row(_events[i], i).Values.Length;
        return values;
    }

    private EventRow Row(JanusEvent e, int number) => EventRow.Of(e, _layouts[EventTables.For(e)], number);
}
