using JanusEvents.Tool.Failures;
using JanusEvents.Tool.Stores;
using Microsoft.Extensions.Configuration;

namespace JanusEvents.Tool.Commands;

/// <summary>Prints the lines that a Janus needs in its configuration to send its events.</summary>
internal static class JanusConfigCommand
{
    private const string BrokerOption = "--broker";
    private const string ItsName = "(a name of its own)";

    public static int PrintHttp(TextWriter output, IReadOnlyList<string> settings, string url, string? userName, bool isOld)
    {
        Uri backend = Address(url, "--url", "http://media.example:8080/janus/events", "http", "https");
        string? user = userName ?? CommandServices.Configuration(settings)["JanusEvents:UserName"];
        return isOld
            ? Print(output, "janus.eventhandler.sampleevh.cfg", JanusConfigurationLines.HttpOfOldServers(backend, user), comment: ';')
            : Print(output, "janus.eventhandler.sampleevh.jcfg", JanusConfigurationLines.Http(backend, user));
    }

    public static int PrintWebSocket(TextWriter output, IReadOnlyList<string> settings, string url)
    {
        Uri backend = Address(url, "--url", "ws://media.example:8080/janus/events/ws", "ws", "wss");
        string? subProtocol = CommandServices.Configuration(settings)["JanusEvents:WebSocket:SubProtocol"];
        return Print(output, "janus.eventhandler.wsevh.jcfg", JanusConfigurationLines.WebSocket(backend, subProtocol));
    }

    public static int PrintRabbitMq(TextWriter output, IReadOnlyList<string> settings, string? broker, string? queue, string? exchange)
    {
        IConfigurationSection host = CommandServices.Configuration(settings).GetSection("JanusEvents:RabbitMq:Receiver");
        Uri address = Address(
            FirstNode(broker ?? host["Uri"]), $"{BrokerOption} or {host.Path}:Uri", "amqp://janus@rabbit-1:5672", "amqp", "amqps");
        IReadOnlyList<string> lines = JanusConfigurationLines.RabbitMq(
            address, NotEmpty(queue) ?? NotEmpty(host["Queue"]) ?? "janus-events", exchange ?? host["Exchange"]);
        return Print(output, "janus.eventhandler.rabbitmqevh.jcfg", lines);
    }

    public static int PrintMqtt(TextWriter output, IReadOnlyList<string> settings, string? broker, string? topic, string? server)
    {
        IConfigurationSection host = CommandServices.Configuration(settings).GetSection("JanusEvents:Mqtt");
        Uri address = Address(broker ?? host["Uri"], $"{BrokerOption} or {host.Path}:Uri", "mqtt://janus@mqtt-1:1883", "mqtt", "mqtts");
        string name = NotEmpty(server) ?? ItsName;
        IReadOnlyList<string> lines = JanusConfigurationLines.Mqtt(
            address, NotEmpty(topic) ?? TopicOf(NotEmpty(host["Topics:0"]) ?? "janus/+/+", name), $"janus-{name}");
        return Print(output, "janus.eventhandler.mqttevh.jcfg", lines);
    }

    private static int Print(TextWriter output, string file, IReadOnlyList<string> lines, char comment = '#')
    {
        output.WriteLine($"{comment} {file}. Start Janus with the option -e, or set broadcast = true in the section events of its main file.");
        foreach (string line in lines)
            output.WriteLine(line);
        return ExitCode.Done;
    }

    // Its value may have a password.
    private static Uri Address(string? text, string source, string example, params ReadOnlySpan<string> schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && schemes.Contains(address.Scheme) && address.Host.Length > 0
            ? address
            : throw new CommandException($"{source} is {(string.IsNullOrEmpty(text) ? "not set" : "not such an address")}; it must be one such as {example}.");

    /// <summary>An address of a cluster with its first node only: Janus knows one.</summary>
    private static string? FirstNode(string? nodes)
    {
        int begin = nodes?.IndexOf("://", StringComparison.Ordinal) + 3 ?? -1;
        if (begin < 3)
            return nodes;

        int end = nodes!.IndexOfAny(['/', '?', '#'], begin);
        end = end < 0 ? nodes.Length : end;

        // A password may have a comma.
        int hosts = Math.Max(begin, nodes.LastIndexOf('@', end - 1) + 1);
        int comma = nodes.IndexOf(',', hosts, end - hosts);
        return comma < 0 ? nodes : nodes.Remove(comma, end - comma);
    }

    /// <summary>A topic of a server that a topic filter of the receiver matches.</summary>
    private static string TopicOf(string filter, string server)
    {
        string[] levels = filter.Split('/');
        IEnumerable<string> own = levels[^1] is "+" or "#" or "status" && levels.Length > 1 ? levels[..^1] : levels;
        return string.Join('/', own.Select(level => level is "+" or "#" ? server : level));
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
