using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanusEvents.Testing;

/// <summary>
/// A private Janus: Debian's program with a configuration folder of its own, on free ports of the loopback address,
/// its sample event handler, or the WebSocket one, pointed at a backend.
/// </summary>
public sealed class JanusServer : IAsyncDisposable
{
    private const string AdminSecret = "janusoverlord";
    private static readonly TimeSpan StartLimit = Wait.Limit;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly int _port = FreePort.Next();
    private readonly int _adminPort = FreePort.Next();
    private readonly int _webSocketsPort = FreePort.Next();
    private readonly string _address;
    private ChildProcess? _process;
    private int _transactions;

    private JanusServer(JanusServerOptions options) => _address = options.Inside?.Address ?? "127.0.0.1";

    /// <summary>The HTTP API.</summary>
    public Uri Url => new($"http://{_address}:{_port}/janus");

    /// <summary>The Admin API.</summary>
    public Uri AdminUrl => new($"http://127.0.0.1:{_adminPort}/admin");

    /// <summary>The WebSockets API, where asked for.</summary>
    public Uri WebSocketsUrl => new($"ws://{_address}:{_webSocketsPort}/");

    /// <summary>The process's id.</summary>
    public int ProcessId => Running.Id;

    /// <summary>Janus's log so far.</summary>
    public string Log => Running.Output;

    /// <summary>How many requests were sent to the HTTP API and the Admin API so far; Janus reports each as a transport event.</summary>
    public int Requests => _transactions;

    private ChildProcess Running => _process ?? throw new InvalidOperationException("Janus was not started.");

    /// <summary>Starts a Janus and waits until its HTTP API listens.</summary>
    public static async Task<JanusServer> StartAsync(JanusServerOptions options)
    {
        var server = new JanusServer(options);
        try
        {
            var configuration = server.Configure(options);
            server._process = ChildProcess.Start(
                [ProgramPath.Require("janus"), "-F", configuration.Folder, .. options.EventsByOption ? ["-e"] : Array.Empty<string>()], server._folder.Path, options.Inside);
            await server._process.WaitForLineAsync(
                line => line.Contains("REST (HTTP/HTTPS) transport plugin initialized", StringComparison.Ordinal),
                StartLimit,
                "Janus to listen").ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Creates a session and returns its id.</summary>
    /// <param name="id">The id to ask for; Janus chooses one when null.</param>
    public async Task<long> CreateSessionAsync(long? id = null)
    {
        var request = new JsonObject { ["janus"] = "create" };
        if (id is not null)
            request["id"] = id;
        return Id(await PostAsync(Url, request).ConfigureAwait(false));
    }

    /// <summary>Says that a session is still used.</summary>
    public Task KeepAliveAsync(long session) => PostAsync(At(session), new JsonObject { ["janus"] = "keepalive" });

    /// <summary>Destroys a session with its handles.</summary>
    public Task DestroySessionAsync(long session) => PostAsync(At(session), new JsonObject { ["janus"] = "destroy" });

    /// <summary>Attaches a handle to a plugin and returns its id.</summary>
    public async Task<long> AttachAsync(long session, string plugin, string? opaqueId = null)
    {
        var request = new JsonObject { ["janus"] = "attach", ["plugin"] = plugin };
        if (opaqueId is not null)
            request["opaque_id"] = opaqueId;
        return Id(await PostAsync(At(session), request).ConfigureAwait(false));
    }

    /// <summary>Detaches a handle.</summary>
    public Task DetachAsync(long session, long handle) => PostAsync(At(session, handle), new JsonObject { ["janus"] = "detach" });

    /// <summary>Sends a message to a handle's plugin and returns what Janus answers to the request itself.</summary>
    public Task<JsonObject> SendMessageAsync(long session, long handle, string body) =>
        PostAsync(At(session, handle), new JsonObject { ["janus"] = "message", ["body"] = JsonNode.Parse(body) });

    /// <summary>Makes Janus send an external event, by the Admin API's <c>custom_event</c>.</summary>
    /// <param name="schema">The event's schema.</param>
    /// <param name="dataJson">The event's data, a JSON object; its text goes out as it is.</param>
    public async Task SendExternalEventAsync(string schema, string dataJson)
    {
        var request = $$"""
            {"janus":"custom_event","transaction":"{{NextTransaction()}}","admin_secret":"{{AdminSecret}}","schema":{{JsonSerializer.Serialize(schema)}},"data":{{dataJson}}}
            """;
        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        await ReadAsync(await _http.PostAsync(AdminUrl, content).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks Janus to stop, with SIGINT unless told otherwise, and returns its exit code: 0, or 134 where Janus 1.1.2 aborts
    /// in its own cleaning up, which it does now and then after a call.
    /// </summary>
    public async Task<int> StopAsync(Signal signal = Signal.Interrupt)
    {
        Running.Send(signal);
        return await Running.WaitForExitAsync(Wait.Limit).ConfigureAwait(false);
    }

    /// <summary>Sends it any signal.</summary>
    public void Send(Signal signal) => Running.Send(signal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
        _folder.Dispose();
    }

    private static long Id(JsonObject answer) => answer["data"]!["id"]!.GetValue<long>();

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>().ConfigureAwait(false);
            return answer?["janus"]?.GetValue<string>() is "success" or "ack"
                ? answer
                : throw new InvalidOperationException($"Janus refused a request: {answer?.ToJsonString()}");
        }
    }

    private Uri At(long session, long? handle = null) => new(handle is null ? $"{Url}/{session}" : $"{Url}/{session}/{handle}");

    private string NextTransaction() => $"tx{Interlocked.Increment(ref _transactions)}";

    private async Task<JsonObject> PostAsync(Uri url, JsonObject request)
    {
        request["transaction"] = NextTransaction();
        return await ReadAsync(await _http.PostAsJsonAsync(url, request).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private JanusConfiguration Configure(JanusServerOptions options)
    {
        const string Main = "janus.jcfg";
        const string Http = "janus.transport.http.jcfg";
        const string WebSockets = "janus.transport.websockets.jcfg";
        const string HttpHandler = "janus.eventhandler.sampleevh.jcfg";
        const string WebSocketHandler = "janus.eventhandler.wsevh.jcfg";

        var configuration = new JanusConfiguration(_folder["etc"]);
        configuration.Set(Main, "general", "configs_folder", configuration.Folder);
        configuration.Set(Main, "general", "debug_colors", false);
        configuration.Set(Main, "general", "debug_timestamps", true);
        configuration.Set(Main, "general", "server_name", options.ServerName);
        configuration.Set(Main, "general", "session_timeout", options.SessionTimeout);
        configuration.Set(Main, "transports", "disable",
            "libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so" + (options.WebSockets ? "" : ",libjanus_websockets.so"));
        configuration.Set(Main, "events", "broadcast", true);
        configuration.Set(Main, "events", "stats_period", options.StatsPeriod);
        configuration.Set(Main, "events", "combine_media_stats", options.CombineMediaStats);

        configuration.Set(Http, "general", "ip", _address);
        configuration.Set(Http, "general", "port", _port);
        configuration.Set(Http, "admin", "admin_http", true);
        configuration.Set(Http, "admin", "admin_ip", "127.0.0.1");
        configuration.Set(Http, "admin", "admin_port", _adminPort);
        configuration.Set(WebSockets, "general", "ws_ip", _address);
        configuration.Set(WebSockets, "general", "ws_port", _webSocketsPort);

        var handler = options.EventsByWebSocket ? WebSocketHandler : HttpHandler;
        configuration.Set(HttpHandler, "general", "enabled", !options.EventsByWebSocket);
        configuration.Set(handler, "general", "enabled", true);
        configuration.Set(handler, "general", "events", options.Events);
        configuration.Set(handler, "general", "grouping", options.Grouping);
        configuration.Set(handler, "general", "json", options.Json);
        configuration.Set(handler, "general", "backend", options.Backend);
        configuration.Set(WebSocketHandler, "general", "subprotocol", options.SubProtocol);
        configuration.Set(HttpHandler, "general", "compress", options.Compress);
        configuration.Set(HttpHandler, "general", "backend_user", options.BackendUser);
        configuration.Set(HttpHandler, "general", "backend_pwd", options.BackendPassword);
        configuration.Set(HttpHandler, "general", "max_retransmissions", options.MaxRetransmissions);
        configuration.Set(HttpHandler, "general", "retransmissions_backoff", options.RetransmissionsBackoff);

        // The sample mount points would listen on fixed ports of every address.
        configuration.Write("janus.plugin.streaming.jcfg", "general: {\n}\n");
        configuration.Set("janus.plugin.recordplay.jcfg", "general", "path", _folder["recordings"]);
        options.Configure?.Invoke(configuration);
        return configuration;
    }
}
