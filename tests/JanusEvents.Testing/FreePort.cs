using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JanusEvents.Testing;

/// <summary>TCP ports of the loopback address for servers that a test starts later.</summary>
/// <remarks>
/// A port lies outside the range from which Linux takes the local ports of connections, so no connection of another
/// test can be on it when the server binds it. And it belongs to this process until the process ends, however it ends:
/// a name in Linux's abstract namespace of sockets, which only one process can bind, stands for it.
/// </remarks>
public static class FreePort
{
    private static readonly Lock Gate = new();
    private static readonly List<Socket> Claims = []; // kept, so that they stay bound
    private static readonly (int First, int Last) Range = OutsideOf(PortsOfConnections());
    private static int _next = Random.Shared.Next(Range.First, Range.Last + 1);

    /// <summary>A port that is free, and that no other caller on this machine is given while this process runs.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            for (int tried = Range.First; tried <= Range.Last; tried++)
            {
                int port = _next;
                _next = port == Range.Last ? Range.First : port + 1;
                if (TryClaim(port))
                    return port;
            }
        }
        throw new InvalidOperationException($"Each port from {Range.First} to {Range.Last} is in use.");
    }

    /// <summary>Makes a port this process's own; <see langword="false"/> when it is another's or something listens on it.</summary>
    internal static bool TryClaim(int port)
    {
        var claim = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"\0janusevents-test-port-{port}")));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException)
        {
            claim.Dispose();
            return false;
        }
        lock (Gate)
            Claims.Add(claim);
        return true;
    }

    /// <summary>The first and last port that Linux gives connections by itself.</summary>
    internal static (int First, int Last) PortsOfConnections()
    {
        var numbers = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    // The longer of the ranges below and above. Browsers refuse 10080 and some below.
    private static (int First, int Last) OutsideOf((int First, int Last) connections) =>
        connections.First - 11_000 > IPEndPoint.MaxPort - connections.Last
            ? (11_000, connections.First - 1)
            : (Math.Min(connections.Last + 1, IPEndPoint.MaxPort - 1_000), IPEndPoint.MaxPort);
}
