namespace JanusEvents.FaultHost;

/// <summary>What the host does and how it fails, from its command line.</summary>
public sealed class FaultHostOptions
{
    /// <summary>The connection string of a database of MySQL or MariaDB.</summary>
    public string MySql { get; set; } = "";

    /// <summary>The connection string of a SQLite database that takes its place; none when empty.</summary>
    public string Sqlite { get; set; } = "";

    /// <summary>The path of the spool; none when empty.</summary>
    public string Spool { get; set; } = "";

    /// <summary>How many bytes of the disk the spool leaves free.</summary>
    public long? SpoolReserve { get; set; }

    /// <summary>How many bytes the spool may use.</summary>
    public long? SpoolMaxBytes { get; set; }

    /// <summary>Whether the web server is registered before the library, so that it is stopped after it.</summary>
    public bool WebServerFirst { get; set; }

    /// <summary>Kills the process between the commit and the answer of this request, counted from 1.</summary>
    public int KillBeforeAnswer { get; set; }

    /// <summary>Kills the process when a sink has stored this batch, counted from 1, before anybody hears of it.</summary>
    public int KillAfterWrite { get; set; }

    /// <summary>Cuts off every so manieth answer.</summary>
    public int CutEvery { get; set; }

    /// <summary>How long the sink waits before it stores a batch, in milliseconds.</summary>
    public int DelayWrites { get; set; }

    /// <summary>What stands in front of the endpoint: RateLimiter, RequestTimeout or HttpsRedirection.</summary>
    public string Front { get; set; } = "";
}
