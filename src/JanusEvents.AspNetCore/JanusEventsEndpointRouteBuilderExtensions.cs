using System.Diagnostics.CodeAnalysis;
using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.Receiving;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

#pragma warning disable IDE0130 // Where every MapX extension of ASP.NET Core is found without a using.
namespace Microsoft.AspNetCore.Builder;
#pragma warning restore IDE0130

/// <summary>Adds endpoints that receive the events of Janus servers.</summary>
public static class JanusEventsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Adds an endpoint to which Janus posts its events, with the options that the host configured for
    /// <see cref="JanusEventsEndpointOptions"/>, or their defaults.
    /// </summary>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path that Janus's <c>backend</c> names.</param>
    /// <returns>A builder to add authorization, host filters and the like.</returns>
    /// <exception cref="InvalidOperationException"><c>AddJanusEvents</c> was not called, or no sink was added.</exception>
    /// <exception cref="OptionsValidationException">The options are out of their ranges.</exception>
    public static IEndpointConventionBuilder MapJanusEvents(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/janus/events")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        return Map(endpoints, pattern, CurrentSettings.Following(
            endpoints.ServiceProvider.GetRequiredService<IOptionsMonitor<JanusEventsEndpointOptions>>()));
    }

    /// <summary>Adds an endpoint to which Janus posts its events, with options of its own.</summary>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path that Janus's <c>backend</c> names.</param>
    /// <param name="options">Its credentials and limits, as they are now: later changes are not seen.</param>
    /// <returns>A builder to add authorization, host filters and the like.</returns>
    /// <exception cref="InvalidOperationException"><c>AddJanusEvents</c> was not called, or no sink was added.</exception>
    /// <exception cref="OptionsValidationException">The options are out of their ranges.</exception>
    public static IEndpointConventionBuilder MapJanusEvents(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        JanusEventsEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(options);

        return Map(endpoints, pattern, CurrentSettings.Fixed(options));
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, CurrentSettings settings)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        if (services.GetService<ByteBudget>() is null)
        {
            throw new InvalidOperationException(
                "MapJanusEvents needs services that are missing. Add them before the application is built, with a sink: "
                + "builder.Services.AddJanusEvents().AddSqlite(\"Data Source=janusevents.db\").");
        }

        if (!services.GetServices<SinkRegistration>().Any())
        {
            throw new InvalidOperationException(
                "Nothing says where the events of Janus go. Call AddSqlite(…), AddMySql(…) or AddSink<T>() on what "
                + "builder.Services.AddJanusEvents() returns.");
        }

        JanusEventsEndpoint endpoint = ActivatorUtilities.CreateInstance<JanusEventsEndpoint>(services, settings);
        OpenEndpointWarning.WhenStarted(services, endpoint, pattern);
        return endpoints.MapPost(pattern, endpoint.HandleAsync)
            .WithDisplayName($"Janus events: POST {pattern}")
            .WithMetadata(endpoint);
    }
}
