namespace JanusEvents.Testing;

/// <summary>How a private Janus is configured; what is not set stays as Debian's package has it.</summary>
public sealed record JanusServerOptions
{
    /// <summary><c>backend</c>: where the event handler posts to, exactly as it is to stand in the configuration.</summary>
    public required string Backend { get; init; }

    /// <summary>Whether events are turned on by the option <c>-e</c>, besides <c>broadcast</c> in <c>janus.jcfg</c>.</summary>
    public bool EventsByOption { get; init; } = true;

    /// <summary>Whether Janus sends its events by WebSocket (<c>wsevh</c>) in place of HTTP.</summary>
    public bool EventsByWebSocket { get; init; }

    /// <summary><c>subprotocol</c> of the WebSocket event handler.</summary>
    public string? SubProtocol { get; init; }

    /// <summary><c>backend_user</c>.</summary>
    public string? BackendUser { get; init; }

    /// <summary><c>backend_pwd</c>.</summary>
    public string? BackendPassword { get; init; }

    /// <summary><c>events</c>: which events are sent.</summary>
    public string Events { get; init; } = "all";

    /// <summary><c>grouping</c>: whether a POST is an array of events or one event.</summary>
    public bool Grouping { get; init; } = true;

    /// <summary><c>json</c>: "indented" (as the package has it), "plain" or "compact".</summary>
    public string Json { get; init; } = "indented";

    /// <summary><c>compress</c>.</summary>
    public bool? Compress { get; init; }

    /// <summary><c>max_retransmissions</c>.</summary>
    public int? MaxRetransmissions { get; init; }

    /// <summary><c>retransmissions_backoff</c>, in milliseconds.</summary>
    public int? RetransmissionsBackoff { get; init; }

    /// <summary><c>server_name</c>: what events have as their emitter.</summary>
    public string? ServerName { get; init; }

    /// <summary><c>session_timeout</c>, in seconds.</summary>
    public int? SessionTimeout { get; init; }

    /// <summary><c>stats_period</c>: how often media statistics are sent, in seconds.</summary>
    public int? StatsPeriod { get; init; }

    /// <summary><c>combine_media_stats</c>.</summary>
    public bool? CombineMediaStats { get; init; }

    /// <summary>Whether the WebSockets transport runs too, at <see cref="JanusServer.WebSocketsUrl"/>.</summary>
    public bool WebSockets { get; init; }

    /// <summary>
    /// The network namespace to run in. Its API then listens on the namespace's address for the other end of the link;
    /// otherwise it listens on 127.0.0.1.
    /// </summary>
    public NetworkNamespace? Inside { get; init; }

    /// <summary>Further changes to the configuration.</summary>
    public Action<JanusConfiguration>? Configure { get; init; }
}
