using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Settings;
using JanusEvents.Spool;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

#pragma warning disable IDE0130 // Where every UseX extension of the builder is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Puts a spool between the senders and the sinks.</summary>
public static class JanusEventsSpoolExtensions
{
    /// <summary>
    /// Answers a body as soon as it is flushed to a local file, and moves it to the sinks from there. Senders wait for no
    /// database any more, and nothing is lost while one is away, however long.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">
    /// The file, which is made when it is not there. It must be on a disk that outlives the process, and every host needs
    /// one of its own: a second process on the same file is refused when it starts.
    /// </param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static JanusEventsBuilder UseSpool(this JanusEventsBuilder builder, string path, Action<SpoolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        SectionOptions.Add(
            builder.Services, "Spool", static (configuration, options) => configuration.Bind(options), new SpoolOptionsRanges(), configure);
        builder.Services.Replace(ServiceDescriptor.Singleton(services =>
            new SpoolSettings(path, services.GetRequiredService<IOptions<SpoolOptions>>().Value)));
        builder.Services.Replace(ServiceDescriptor.Singleton(services =>
            new SpoolWindow(services.GetRequiredService<IOptions<SpoolOptions>>().Value.HashWindow)));
        builder.Services.TryAddSingleton<SpoolDelivery>();
        builder.Services.Replace(ServiceDescriptor.Singleton<HostedDelivery>(services => services.GetRequiredService<SpoolDelivery>()));
        builder.Services.TryAddSingleton<IEventSpool>(services => services.GetRequiredService<SpoolDelivery>());
        builder.Services.TryAddSingleton<IBacklog>(services => services.GetRequiredService<SpoolDelivery>());
        return builder;
    }
}
