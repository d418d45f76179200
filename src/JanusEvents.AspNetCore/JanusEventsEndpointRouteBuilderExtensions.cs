using System.Diagnostics.CodeAnalysis;
using JanusEvents;
using JanusEvents.AspNetCore.Content;
using JanusEvents.AspNetCore.Mapping;
using JanusEvents.AspNetCore.Receiving;
using JanusEvents.AspNetCore.Settings;
using JanusEvents.AspNetCore.Status;
using JanusEvents.Delivery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
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
    /// <see cref="JanusEventsEndpointOptions"/>, by the section <c>JanusEvents</c> of its configuration or by code. A GET there
    /// shows what has come in (see <see cref="JanusEventsEndpointOptions.StatusPage"/>), unless the host maps one of its own.
    /// </summary>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path that Janus's <c>backend</c> names.</param>
    /// <returns>
    /// A builder to add authorization, host filters and the like. The host does not start when another endpoint matches the
    /// same requests, or when what is added needs services that are missing.
    /// </returns>
    /// <exception cref="InvalidOperationException"><c>AddJanusEvents</c> was not called, or no sink was added.</exception>
    /// <exception cref="OptionsValidationException">The options are out of their ranges.</exception>
    public static IEndpointConventionBuilder MapJanusEvents(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/janus/events")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        RequireServices(endpoints.ServiceProvider, nameof(MapJanusEvents));
        return Map(endpoints, pattern, CurrentSettings.Following(new ConfiguredOptions<JanusEventsEndpointOptions>(
            endpoints.ServiceProvider, "", static (configuration, options) => configuration.Bind(options))));
    }

    /// <summary>
    /// Adds an endpoint to which Janus posts its events, with options of its own. A GET there shows what has come in (see
    /// <see cref="JanusEventsEndpointOptions.StatusPage"/>), unless the host maps one of its own.
    /// </summary>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path that Janus's <c>backend</c> names.</param>
    /// <param name="options">Its credentials, limits and page, as they are now: later changes are not seen.</param>
    /// <returns>
    /// A builder to add authorization, host filters and the like. The host does not start when another endpoint matches the
    /// same requests, or when what is added needs services that are missing.
    /// </returns>
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

    /// <summary>
    /// Adds an endpoint to which Janus sends its events by a WebSocket, with the options that the host configured for
    /// <see cref="JanusEventsWebSocketOptions"/>, by the section <c>JanusEvents:WebSocket</c> of its configuration or by code.
    /// <c>UseWebSockets</c> need not be called.
    /// </summary>
    /// <remarks>
    /// Janus's WebSocket event handler sends no credentials and hears no acknowledgement: keep the path secret or the network
    /// private, and see docs/delivery.md for what can be lost that <c>MapJanusEvents</c> would keep.
    /// </remarks>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path that <c>backend</c> of Janus's <c>janus.eventhandler.wsevh.jcfg</c> names.</param>
    /// <returns>
    /// A builder to add authorization, host filters and the like. The host does not start when another endpoint matches the
    /// same requests, or when what is added needs services that are missing.
    /// </returns>
    /// <exception cref="InvalidOperationException"><c>AddJanusEvents</c> was not called, or no sink was added.</exception>
    /// <exception cref="OptionsValidationException">The options are out of their ranges.</exception>
    public static IEndpointConventionBuilder MapJanusEventsWebSocket(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/janus/events/ws")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        RequireServices(endpoints.ServiceProvider, nameof(MapJanusEventsWebSocket));
        ConfiguredOptions<JanusEventsWebSocketOptions> options = new(
            endpoints.ServiceProvider, "WebSocket", static (configuration, bound) => configuration.Bind(bound));
        return MapWebSocket(endpoints, pattern, WebSocketSettings.From(options.Read(), options.PathOf));
    }

    /// <summary>Adds an endpoint to which Janus sends its events by a WebSocket, with options of its own.</summary>
    /// <remarks><inheritdoc cref="MapJanusEventsWebSocket(IEndpointRouteBuilder, string)" path="/remarks"/></remarks>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path that <c>backend</c> of Janus's <c>janus.eventhandler.wsevh.jcfg</c> names.</param>
    /// <param name="options">Its sub-protocol and limits, as they are now: later changes are not seen.</param>
    /// <returns>
    /// A builder to add authorization, host filters and the like. The host does not start when another endpoint matches the
    /// same requests, or when what is added needs services that are missing.
    /// </returns>
    /// <exception cref="InvalidOperationException"><c>AddJanusEvents</c> was not called, or no sink was added.</exception>
    /// <exception cref="OptionsValidationException">The options are out of their ranges.</exception>
    public static IEndpointConventionBuilder MapJanusEventsWebSocket(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        JanusEventsWebSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(options);

        return MapWebSocket(endpoints, pattern, WebSocketSettings.From(options));
    }

    private static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string pattern, CurrentSettings settings)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        RequireServices(services, nameof(MapJanusEvents));
        JanusEventsEndpoint endpoint = ActivatorUtilities.CreateInstance<JanusEventsEndpoint>(services, settings);
        OpenEndpointWarning.WhenStarted(services, endpoint, pattern);
        EndpointCheck.WhenStarting(endpoints);

        // A group, so that what the caller adds goes for both.
        RouteGroupBuilder both = endpoints.MapGroup("");
        both.MapPost(pattern, endpoint.HandleAsync)
            .WithDisplayName($"Janus events: POST {pattern}")
            .WithMetadata(endpoint, new BodySizeLimit(settings))
            .Finally(endpoint.ContainFilters);
        if (settings.Current.StatusPage)
        {
            StatusEndpoint status = ActivatorUtilities.CreateInstance<StatusEndpoint>(services, settings);
            both.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], status.HandleAsync)
                .WithDisplayName($"Janus events: GET {pattern}")
                .WithMetadata(status)
                .WithOrder(StatusEndpoint.Order);
        }

        return both;
    }

    private static IEndpointConventionBuilder MapWebSocket(IEndpointRouteBuilder endpoints, string pattern, WebSocketSettings settings)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        RequireServices(services, nameof(MapJanusEventsWebSocket));
        JanusEventsWebSocketEndpoint endpoint =
            ActivatorUtilities.CreateInstance<JanusEventsWebSocketEndpoint>(services, settings, new PageBeside(EndpointCheck.RootOf(endpoints)));
        OpenEndpointWarning.WhenStarted(services, endpoint, pattern);
        EndpointCheck.WhenStarting(endpoints);

        // A pipeline of the endpoint's own, so that it works without UseWebSockets in that of the host.
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(endpoint.HandleAsync);

        // CONNECT is how HTTP/2, a proxy's perhaps, asks for a WebSocket.
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Connect], pipeline.Build())
            .WithDisplayName($"Janus events: WebSocket {pattern}")
            .WithMetadata(endpoint);
    }

    private static void RequireServices(IServiceProvider services, string method)
    {
        if (services.GetService<ByteBudget>() is null)
        {
            throw new InvalidOperationException(
                $"{method} needs services that are missing. Add them before the application is built, with a sink: "
                + "builder.Services.AddJanusEvents().AddSqlite(\"Data Source=janusevents.db\").");
        }

        if (!services.GetServices<SinkRegistration>().Any())
        {
            throw new InvalidOperationException(
                "Nothing says where the events of Janus go. Call AddSqlite(…), AddMySql(…) or AddSink<T>() on what "
                + "builder.Services.AddJanusEvents() returns.");
        }
    }
}
