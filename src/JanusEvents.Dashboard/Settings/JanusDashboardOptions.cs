using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of <c>MapJanusDashboard</c>: from the section <c>JanusEvents:Dashboard</c> of the configuration, and then what the host
/// configured with <c>services.Configure&lt;JanusDashboardOptions&gt;</c>, as it is when the page is mapped.
/// </summary>
public sealed class JanusDashboardOptions
{
    /// <summary>The title of the page, <c>Janus</c> by default.</summary>
    public string Title { get; set; } = "Janus";

    /// <summary>How times are shown at first: by the clock of who looks, by default, or in UTC. The page can switch.</summary>
    public DashboardTimeZone TimeZone { get; set; }

    /// <summary>
    /// Whether addresses (of clients, servers and candidates) are masked in everything that the page gets. False by default; the page
    /// then shows them where they are asked for. What <c>Redaction</c> removed is not in the store and never shown.
    /// </summary>
    public bool HideAddresses { get; set; }

    /// <summary>Whether session descriptions (SDP) are left out of everything that the page gets. False by default.</summary>
    public bool HideSdp { get; set; }

    /// <summary>How many live streams are open at the same time, 1 to 10,000; 50 by default. Who comes beyond polls.</summary>
    [Within(1, 10_000)]
    public int MaxStreams { get; set; } = 50;
}

/// <summary>How times are shown.</summary>
public enum DashboardTimeZone
{
    /// <summary>By the clock of the browser.</summary>
    Local,

    /// <summary>In Coordinated Universal Time.</summary>
    Utc,
}

/// <summary>The ranges of <see cref="JanusDashboardOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusDashboardOptionsRanges : IValidateOptions<JanusDashboardOptions>;
