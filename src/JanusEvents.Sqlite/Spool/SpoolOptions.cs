namespace JanusEvents;

/// <summary>Settings of the spool.</summary>
public sealed class SpoolOptions
{
    /// <summary>
    /// How many bytes the spool's file may use, at least 1 MiB; 4 GiB by default. When they are used, bodies are held and
    /// not answered, so that their senders keep them.
    /// </summary>
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>
    /// How many bytes of the disk are left free, at least 0; 8 MiB by default. Without them there would be no room to
    /// remove what was stored.
    /// </summary>
    public long ReservedDiskBytes { get; set; } = 8 << 20;

    /// <summary>
    /// For how long a body that comes again is known, at least two minutes (Janus sends a body again for about one);
    /// a day by default. Must be longer than the database is ever away: an older body is stored with a warning.
    /// </summary>
    public TimeSpan HashWindow { get; set; } = TimeSpan.FromDays(1);

    internal void Validate()
    {
        if (MaxBytes < 1 << 20)
            throw new ArgumentException($"{nameof(SpoolOptions)}.{nameof(MaxBytes)} is {MaxBytes}; it must be at least 1048576 (1 MiB).");
        if (ReservedDiskBytes < 0)
            throw new ArgumentException($"{nameof(SpoolOptions)}.{nameof(ReservedDiskBytes)} is {ReservedDiskBytes}; it must not be negative.");
        if (HashWindow < TimeSpan.FromMinutes(2))
            throw new ArgumentException($"{nameof(SpoolOptions)}.{nameof(HashWindow)} is {HashWindow}; it must be at least two minutes, since Janus sends a body again for about one.");
    }
}
