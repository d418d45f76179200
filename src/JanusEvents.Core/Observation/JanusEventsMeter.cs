using System.Diagnostics.Metrics;
using System.Reflection;

namespace JanusEvents.Observation;

/// <summary>The meter that all instruments of this library belong to: the host's factory makes it, where it has one.</summary>
internal sealed class JanusEventsMeter : IDisposable
{
    /// <summary>Its name for listeners; the activity source has the same name.</summary>
    public const string Name = "JanusEvents";

    private readonly Meter? _own;

    public JanusEventsMeter(IMeterFactory? factory = null)
    {
        MeterOptions options = new(Name) { Version = Version };

        // A factory disposes of what it makes.
        Meter = factory is null ? _own = new Meter(options) : factory.Create(options);
    }

    /// <summary>The version of this package.</summary>
    public static string? Version { get; } = typeof(JanusEventsMeter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    public Meter Meter { get; }

    public void Dispose() => _own?.Dispose();
}
