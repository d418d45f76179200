using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JanusEvents.Observation;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Testing;

/// <summary>Listens to all instruments of one host.</summary>
public sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(Instrument Instrument, double Value, Dictionary<string, string> Tags)> _all = [];
    private readonly ConcurrentDictionary<string, Instrument> _instruments = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="services">The host's services.</param>
    public Measurements(IServiceProvider services)
    {
        Meter meter = services.GetRequiredService<JanusEventsMeter>().Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter)
                return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The instruments that there are.</summary>
    public IReadOnlyCollection<Instrument> Instruments => [.. _instruments.Values];

    /// <summary>The tags that were seen on an instrument.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> TagsOf(string instrument) =>
        _all.Where(m => m.Instrument.Name == instrument).Select(m => m.Tags);

    /// <summary>What was measured by an instrument, in its order, where the tags are these.</summary>
    public IReadOnlyList<double> Of(string instrument, params (string Key, string Value)[] tags) =>
        [.. _all.Where(m => m.Instrument.Name == instrument && tags.All(t => m.Tags.GetValueOrDefault(t.Key) == t.Value)).Select(m => m.Value)];

    /// <summary>The sum of that: the value of a counter.</summary>
    public double Sum(string instrument, params (string Key, string Value)[] tags) => Of(instrument, tags).Sum();

    /// <summary>What an observable instrument says now, the sum over all tags that are not given.</summary>
    public double Now(string instrument, params (string Key, string Value)[] tags)
    {
        int before = _all.Count;
        Observe();
        return _all.Skip(before)
            .Where(m => m.Instrument.Name == instrument && tags.All(t => m.Tags.GetValueOrDefault(t.Key) == t.Value))
            .Sum(m => m.Value);
    }

    /// <summary>Asks all observable instruments.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, string> kept = new(StringComparer.Ordinal);
        foreach ((string key, object? tag) in tags)
            kept.Add(key, $"{tag}");
        _all.Enqueue((instrument, value, kept));
    }
}
