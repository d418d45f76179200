using JanusEvents.AspNetCore.Receiving;
using Microsoft.AspNetCore.Routing;

namespace JanusEvents.Dashboard.Views;

/// <summary>Where this host receives events, to show what a Janus is to be told: the addresses that were mapped first.</summary>
internal sealed class ReceiverPaths(IEndpointRouteBuilder root)
{
    public string? HttpPath => PathOf<JanusEventsEndpoint>();

    public string? WebSocketPath => PathOf<JanusEventsWebSocketEndpoint>();

    // A path with parameters is no address.
    private string? PathOf<TEndpoint>()
        where TEndpoint : class => root.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<TEndpoint>() is not null && endpoint.RoutePattern.Parameters.Count == 0)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.TrimStart('/'))
        .FirstOrDefault();
}
