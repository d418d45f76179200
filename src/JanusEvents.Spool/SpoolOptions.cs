using JanusEvents.Settings;

namespace JanusEvents;

/// <summary>Settings of the spool: from the section <c>JanusEvents:Spool</c> of the configuration, and then by code.</summary>
public sealed class SpoolOptions
{
    /// <summary>
    /// How many bytes the spool's file may use, at least 1 MiB; 4 GiB by default. When they are used, bodies are held and
    /// not answered, so that their senders keep them.
    /// </summary>
    [Within(1 << 20, Because = " (1 MiB)")]
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>
    /// How many bytes of the disk are left free, at least 0; 8 MiB by default. Without them there would be no room to
    /// remove what was stored.
    /// </summary>
    [Within(0)]
    public long ReservedDiskBytes { get; set; } = 8 << 20;

    /// <summary>
    /// For how long duplicates are recognised, at least two minutes (Janus retransmits a body for about one);
    /// a day by default. Must be longer than the database is ever away: an older body is stored with a warning.
    /// </summary>
    [WithinTime("00:02", Because = ", since Janus sends a body again for about one minute")]
    public TimeSpan HashWindow { get; set; } = TimeSpan.FromDays(1);
}
