using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.SampleHost;

/// <summary>The text that shows where the host listens and what the configuration of Janus needs.</summary>
internal static class Instructions
{
    public static string For(ICollection<string> addresses, string? userName)
    {
        BindingAddress address = BindingAddress.Parse(addresses.First());
        string hostAndPort = $"{ReachableHost(address.Host)}:{address.Port}";
        Uri backend = new($"{address.Scheme}://{hostAndPort}");
        Uri webSocket = new($"{(address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{hostAndPort}/janus/events/ws");
        string? user = string.IsNullOrEmpty(userName) ? null : userName;
        return $"""

            Put this into the janus.eventhandler.sampleevh.jcfg of Janus:

            {Indented(JanusConfigurationLines.Http(backend, user))}
            or, for an old Janus that reads .cfg files, into janus.eventhandler.sampleevh.cfg:

            {Indented(JanusConfigurationLines.HttpOfOldServers(backend, user))}
            or, to send by WebSocket, without acknowledgements and credentials, instead of both into janus.eventhandler.wsevh.jcfg:

            {Indented(JanusConfigurationLines.WebSocket(webSocket))}
            and start Janus with the option -e, which enables its event handlers.
            {(addresses.All(IsLoopback) ? "For a Janus on another machine, start this program with --urls http://0.0.0.0:8080 and set credentials." : "")}

            Listening on {string.Join(", ", addresses)} (POST to / or /janus/events, WebSocket at /janus/events/ws).
            A browser on this machine, or one with the credentials, shows there what has arrived.
            The live page, for browsers on this machine: {addresses.First().TrimEnd('/')}/janus/
            Ctrl+C stops the host.

            """;
    }

    private static string Indented(IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder(), (text, line) => text.Append("    ").AppendLine(line)).ToString();

    private static bool IsLoopback(string address) => BindingAddress.Parse(address).Host is "localhost" or "127.0.0.1" or "[::1]";

    /// <summary>The name by which another machine reaches this one where the host listens on all its addresses.</summary>
    private static string ReachableHost(string host)
    {
        if (host is not ("*" or "+" or "0.0.0.0" or "[::]"))
            return host;

        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString()
            ?? Dns.GetHostName();
    }
}
