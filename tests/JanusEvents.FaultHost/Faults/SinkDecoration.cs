using JanusEvents.Delivery;

namespace JanusEvents.FaultHost.Faults;

/// <summary>Puts a <see cref="FaultySink"/> around every sink that was registered.</summary>
internal static class SinkDecoration
{
    public static void DecorateSinks(this IServiceCollection services, FaultHostOptions options)
    {
        for (int i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false, ImplementationInstance: SinkRegistration registration })
            {
                services[i] = ServiceDescriptor.Singleton(registration with
                {
                    Resolve = provider => registration.Resolve(provider) is IResumingSink resuming
                        ? new FaultyResumingSink(resuming, options)
                        : new FaultySink(registration.Resolve(provider), options),
                });
            }
        }
    }
}
