using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.SampleHost;

/// <summary>Says where the host listens and stores, and what to put into the configuration of Janus.</summary>
internal static class Instructions
{
    public static void SayHowToUseItOnceStarted(this WebApplication app, Store store) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            string? userName = app.Configuration["JanusEvents:UserName"];
            Console.Write(Text(store, app.Urls, string.IsNullOrEmpty(userName) ? null : userName));
        });

    private static string Text(Store store, ICollection<string> addresses, string? userName)
    {
        BindingAddress address = BindingAddress.Parse(addresses.First());
        string hostAndPort = $"{ReachableHost(address.Host)}:{address.Port}";
        Uri backend = new($"{address.Scheme}://{hostAndPort}");
        Uri webSocket = new($"{(address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs)}://{hostAndPort}/janus/events/ws");
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Storing into {store.Description}");
        if (store.SpoolPath is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"Spooling in {store.SpoolPath} what the database cannot take at once");
        text.AppendLine().AppendLine("Put this into the janus.eventhandler.sampleevh.jcfg of Janus:").AppendLine();
        AppendLines(text, JanusConfigurationLines.Http(backend, userName));
        text.AppendLine().AppendLine("or, for a Janus so old that it reads .cfg files, into janus.eventhandler.sampleevh.cfg:").AppendLine();
        AppendLines(text, JanusConfigurationLines.HttpOfOldServers(backend, userName));
        text.AppendLine().AppendLine("or, to have them sent by WebSocket, where nothing is acknowledged and credentials cannot be asked for, in place of both");
        text.AppendLine("into janus.eventhandler.wsevh.jcfg:").AppendLine();
        AppendLines(text, JanusConfigurationLines.WebSocket(webSocket));
        text.AppendLine().AppendLine("and start Janus with the option -e, which turns its event handlers on.");
        if (addresses.All(a => IsLoopback(BindingAddress.Parse(a).Host)))
            text.AppendLine("For a Janus on another machine, start this program with --urls http://0.0.0.0:8080 and set credentials.");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Listening on {string.Join(", ", addresses)} (POST to / or /janus/events, WebSocket at /janus/events/ws). A browser on this machine, or one with the credentials, shows there what came in. Ctrl+C ends it.");
        return text.ToString();
    }

    private static void AppendLines(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (string line in lines)
            text.Append("    ").AppendLine(line);
    }

    /// <summary>What another machine can call this one, where the host listens on all its addresses.</summary>
    private static string ReachableHost(string host)
    {
        if (host is not ("*" or "+") && !(IPAddress.TryParse(host, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))))
            return host;

        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString()
            ?? Dns.GetHostName();
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
