using System.Diagnostics.Metrics;
using JanusEvents.Observation;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Testing;

/// <summary>Listens to all instruments of one host, and throws on every measurement.</summary>
public static class FailingMeterListener
{
    /// <summary>Begins to listen.</summary>
    /// <param name="services">The host's services.</param>
    public static MeterListener On(IServiceProvider services)
    {
        var meter = services.GetRequiredService<JanusEventsMeter>().Meter;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Fail(instrument));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Fail(instrument));
        listener.Start();
        return listener;
    }

    private static void Fail(Instrument instrument) => throw new InvalidOperationException($"No room for {instrument.Name}.");
}
