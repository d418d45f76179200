using System.Net;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>Where a request came from, as bodies and log lines name it.</summary>
internal static class RemoteAddress
{
    /// <summary>The address without a port, an IPv4 one as such also on a socket for IPv6; null where there is none.</summary>
    public static string? Of(HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
    }
}
