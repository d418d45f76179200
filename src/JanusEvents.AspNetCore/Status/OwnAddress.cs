using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace JanusEvents.AspNetCore.Status;

/// <summary>The address that a request was sent to, as its sender knows it: of use to another sender.</summary>
internal static class OwnAddress
{
    /// <summary>
    /// The address by the request's Host header, with what a proxy left out (<see cref="HttpRequest.PathBase"/>); by the
    /// connection where the header is missing or is no name or address of a host.
    /// </summary>
    public static Uri Of(HttpContext context)
    {
        HttpRequest request = context.Request;
        string scheme = request.Scheme is "https" ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        if (IsHost(request.Host)
            && Uri.TryCreate(UriHelper.BuildAbsolute(scheme, request.Host, request.PathBase, request.Path), UriKind.Absolute, out Uri? address))
        {
            return address;
        }

        return new Uri(UriHelper.BuildAbsolute(scheme, OfConnection(context.Connection), request.PathBase, request.Path));
    }

    private static bool IsHost(HostString host) =>
        host.HasValue && Uri.CheckHostName(host.Host) != UriHostNameType.Unknown && (host.Port is not null || host.Value == host.Host);

    private static HostString OfConnection(ConnectionInfo connection)
    {
        IPAddress? address = connection.LocalIpAddress;
        if (address is null)
            return new HostString("localhost");

        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        string text = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{new IPAddress(address.GetAddressBytes())}]" : address.ToString();
        return connection.LocalPort > 0 ? new HostString(text, connection.LocalPort) : new HostString(text);
    }
}
