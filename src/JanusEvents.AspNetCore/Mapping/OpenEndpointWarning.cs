using System.Net;
using JanusEvents.AspNetCore.Receiving;
using JanusEvents.AspNetCore.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Mapping;

/// <summary>Warns, once the addresses of the server are known, of an endpoint that takes events from everybody.</summary>
internal static class OpenEndpointWarning
{
    public static void WhenStarted(IServiceProvider services, JanusEventsEndpoint endpoint, string pattern) => WhenStarted(
        services,
        endpoint,
        () => endpoint.HasCredentials,
        addresses => ReceivingLog.OpenToAll(services.GetRequiredService<ILogger<JanusEventsEndpoint>>(), addresses, pattern));

    public static void WhenStarted(IServiceProvider services, JanusEventsWebSocketEndpoint endpoint, string pattern) => WhenStarted(
        services,
        endpoint,
        () => false,
        addresses => ReceivingLog.WebSocketOpenToAll(services.GetRequiredService<ILogger<JanusEventsWebSocketEndpoint>>(), addresses, pattern));

    internal static bool IsLoopback(string address)
    {
        BindingAddress binding = BindingAddress.Parse(address);
        return binding.IsUnixPipe
            || binding.IsNamedPipe
            || binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(binding.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }

    private static void WhenStarted(IServiceProvider services, object endpoint, Func<bool> hasCredentials, Action<string> warn) =>
        services.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(() =>
        {
            if (hasCredentials() || IsAuthorized(services, endpoint))
                return;

            ICollection<string> addresses =
                services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            List<string> open = [.. addresses.Where(address => !IsLoopback(address))];
            if (open.Count > 0)
                warn(string.Join(", ", open));
        });

    private static bool IsAuthorized(IServiceProvider services, object endpoint) =>
        services.GetService<EndpointDataSource>()?.Endpoints.Any(candidate =>
            candidate.Metadata.Contains(endpoint) && candidate.Metadata.GetMetadata<IAuthorizeData>() is not null) is true;
}
