using System.Globalization;
using System.Text;

namespace JanusEvents;

/// <summary>
/// The lines that a Janus needs in its configuration to send its events somewhere, for pages and messages that show somebody
/// what to paste. Values are written so that they can hold any character.
/// </summary>
public static class JanusConfigurationLines
{
    private const string Indent = "    ";
    private const string ItsPassword = "(the password that belongs to it)";

    /// <summary>The lines for <c>janus.jcfg</c> that make Janus's event handlers work at all.</summary>
    public static IReadOnlyList<string> Broadcast { get; } = ["events: {", Indent + "broadcast = true", "}"];

    /// <summary>The lines for <c>janus.eventhandler.sampleevh.jcfg</c>, Janus's HTTP event handler.</summary>
    /// <param name="backend">The address to post to.</param>
    /// <param name="userName">The user name to send, where credentials are asked for; the password is left to be filled in.</param>
    /// <exception cref="ArgumentException"><paramref name="backend"/> is not an absolute address.</exception>
    public static IReadOnlyList<string> Http(Uri backend, string? userName = null)
    {
        string address = Address(backend);
        return string.IsNullOrEmpty(userName)
            ? Jcfg(("backend", address))
            : Jcfg(("backend", address), ("backend_user", userName), ("backend_pwd", ItsPassword));
    }

    /// <summary>The same for <c>janus.eventhandler.sampleevh.cfg</c>, which a Janus reads that has no file with <c>.jcfg</c>, as old ones.</summary>
    /// <param name="backend">The address to post to.</param>
    /// <param name="userName">The user name to send, where credentials are asked for; the password is left to be filled in.</param>
    /// <exception cref="ArgumentException"><paramref name="backend"/> is not an absolute address.</exception>
    public static IReadOnlyList<string> HttpOfOldServers(Uri backend, string? userName = null)
    {
        List<string> lines = ["[general]", "enabled = yes", "events = all", "grouping = yes", $"backend = {Address(backend)}"];
        if (!string.IsNullOrEmpty(userName))
        {
            lines.Add($"backend_user = {OneLine(userName)}");
            lines.Add($"backend_pwd = {ItsPassword}");
        }

        return lines;
    }

    /// <summary>The lines for <c>janus.eventhandler.wsevh.jcfg</c>, Janus's WebSocket event handler.</summary>
    /// <param name="backend">The address to connect to, <c>ws://</c> or <c>wss://</c>.</param>
    /// <param name="subProtocol">The sub-protocol to ask for; none is what Janus takes by itself.</param>
    /// <exception cref="ArgumentException"><paramref name="backend"/> is not an absolute address.</exception>
    public static IReadOnlyList<string> WebSocket(Uri backend, string? subProtocol = null)
    {
        string address = Address(backend);
        return string.IsNullOrEmpty(subProtocol)
            ? Jcfg(("backend", address))
            : Jcfg(("backend", address), ("subprotocol", subProtocol));
    }

    /// <summary>The lines for <c>janus.eventhandler.rabbitmqevh.jcfg</c>, Janus's RabbitMQ event handler.</summary>
    /// <param name="broker">
    /// The address of the broker, <c>amqp://user@host:5672/vhost</c> or <c>amqps://</c>; its password is left to be filled in.
    /// </param>
    /// <param name="queue">The queue to publish to, or the routing key where there is an exchange.</param>
    /// <param name="exchange">The exchange to publish to; null is the default exchange, which survives a restart of the broker.</param>
    /// <exception cref="ArgumentException"><paramref name="broker"/> is not an absolute address, or the queue is empty.</exception>
    public static IReadOnlyList<string> RabbitMq(Uri broker, string queue, string? exchange = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        Address(broker);
        bool isSecure = broker.Scheme == "amqps";
        string user = Uri.UnescapeDataString(broker.UserInfo.Split(':')[0]);
        string virtualHost = Uri.UnescapeDataString(broker.AbsolutePath.TrimStart('/'));
        List<string> lines = Jcfg(("json", "compact"), ("host", broker.Host));
        lines.RemoveAt(lines.Count - 1);
        Add("port", (broker.Port > 0 ? broker.Port : isSecure ? 5671 : 5672).ToString(CultureInfo.InvariantCulture));
        if (user.Length > 0)
        {
            AddText("username", user);
            AddText("password", ItsPassword);
        }

        if (virtualHost.Length > 0)
            AddText("vhost", virtualHost);
        if (!string.IsNullOrEmpty(exchange))
            AddText("exchange", exchange);
        AddText("route_key", queue);

        // Janus would declare the queue so that a restart of the broker ends it; and without a heartbeat it never reconnects.
        Add("declare_outgoing_queue", "false");
        Add("heartbeat", "10");
        if (isSecure)
            Add("ssl_enable", "true");
        lines.Add("}");
        return lines;

        void Add(string key, string value) => lines.Add($"{Indent}{key} = {value}");

        void AddText(string key, string value) => Add(key, $"\"{Quoted(value)}\"");
    }

    /// <summary>The lines for <c>janus.eventhandler.mqttevh.jcfg</c>, Janus's MQTT event handler.</summary>
    /// <param name="broker">
    /// The address of the broker, <c>mqtt://user@host:1883</c> or <c>mqtts://</c>; its password is left to be filled in.
    /// </param>
    /// <param name="topic">The topic of the server, to which Janus adds a level for the kind of event, such as <c>janus/edge-7</c>.</param>
    /// <param name="clientId">The client id of the server, which must be unique among all clients of the broker.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="broker"/> is not an absolute address, or the topic or the client id is empty.
    /// </exception>
    public static IReadOnlyList<string> Mqtt(Uri broker, string topic, string clientId)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        Address(broker);
        bool isSecure = broker.Scheme is "mqtts" or "ssl";
        string port = (broker.Port > 0 ? broker.Port : isSecure ? 8883 : 1883).ToString(CultureInfo.InvariantCulture);
        string user = Uri.UnescapeDataString(broker.UserInfo.Split(':')[0]);
        List<string> lines = ["general: {", Indent + "enabled = true"];
        AddText("events", "all");
        AddText("json", "compact");
        AddText("url", $"{(isSecure ? "ssl" : "tcp")}://{broker.Host}:{port}");
        AddText("mqtt_version", "5");
        AddText("client_id", clientId);
        if (user.Length > 0)
        {
            AddText("username", user);
            AddText("password", ItsPassword);
        }

        AddText("topic", topic);

        // Janus keeps 100 events by default while the broker is away, and says nothing when it ends without a will.
        Add("qos", "1");
        Add("max_buffered", "100000");
        Add("will_enabled", "true");
        if (isSecure)
            Add("tls_enable", "true");
        lines.Add("}");
        return lines;

        void Add(string key, string value) => lines.Add($"{Indent}{key} = {value}");

        void AddText(string key, string value) => Add(key, $"\"{Quoted(value)}\"");
    }

    private static List<string> Jcfg(params ReadOnlySpan<(string Key, string Value)> settings)
    {
        List<string> lines = ["general: {", Indent + "enabled = true", Indent + "events = \"all\"", Indent + "grouping = true"];
        foreach ((string key, string value) in settings)
            lines.Add($"{Indent}{key} = \"{Quoted(value)}\"");
        lines.Add("}");
        return lines;
    }

    private static string Address(Uri backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (!backend.IsAbsoluteUri)
            throw new ArgumentException($"\"{backend}\" is no absolute address; it must be one such as http://media.example:8080/janus/events.", nameof(backend));

        // As people write it: a host alone has no slash behind it.
        return backend.PathAndQuery == "/" ? backend.GetLeftPart(UriPartial.Authority) : backend.AbsoluteUri;
    }

    /// <summary>A text as a string of libconfig has it.</summary>
    private static string Quoted(string text)
    {
        StringBuilder quoted = new(text.Length);
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c < ' ' || c == '\x7F')
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                quoted.Append(c);
        }

        return quoted.ToString();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
