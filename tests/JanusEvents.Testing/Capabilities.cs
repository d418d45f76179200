namespace JanusEvents.Testing;

/// <summary>What a test needs of the machine beyond .NET.</summary>
[Flags]
public enum Capabilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>MariaDB's server and command line client.</summary>
    MariaDb = 1,

    /// <summary>The Janus server as Debian packages it.</summary>
    Janus = 2,

    /// <summary>Chromium as Debian packages it.</summary>
    Chromium = 4,

    /// <summary>The right to make network namespaces and links between them (root, and not in every container).</summary>
    NetworkNamespaces = 8,

    /// <summary>Oracle's MySQL 5.6 in the user's cache, and MariaDB's command line client.</summary>
    MySql56 = 32,

    /// <summary>SQLite's command line client.</summary>
    Sqlite = 16,

    /// <summary>The right to mount a file system of its own in memory (root, and not in every container).</summary>
    TemporaryFileSystems = 64,

    /// <summary>.NET's native compiler, restored, and a C toolchain to link with.</summary>
    NativeCompilation = 128,

    /// <summary>ICU, so that a program can have a culture, and the time zones of the world.</summary>
    Cultures = 512,

    /// <summary>Prometheus and promtool as Debian packages them.</summary>
    Prometheus = 1024,

    /// <summary>Prometheus's Alertmanager as Debian packages it.</summary>
    Alertmanager = 2048,

    /// <summary>nginx and haproxy as Debian packages them.</summary>
    ReverseProxies = 4096,

    /// <summary>RabbitMQ's server and Erlang as Debian packages them.</summary>
    RabbitMq = 8192,

    /// <summary>What makes a MariaDB a node of a cluster, haproxy in front of it, and Python, all as Debian packages them.</summary>
    Galera = 16384,

    /// <summary>The MQTT broker mosquitto as Debian packages it.</summary>
    Mosquitto = 32768,
}
