namespace JanusEvents.Monitoring.State;

/// <summary>Packets of one direction of a medium so far: those that came, and those that were missed.</summary>
internal readonly record struct MediumCount(long? Packets, long? Lost)
{
    /// <summary>The part of the packets since an earlier count that was lost, 0 to 1; null where that cannot be told.</summary>
    /// <param name="earlier">The earlier count.</param>
    /// <param name="includesLost">Whether <see cref="Packets"/> counts the lost ones too, as it does for those that were sent.</param>
    public double? LossSince(MediumCount earlier, bool includesLost)
    {
        // Counters begin again when a medium does, and some wrap.
        if (Packets - earlier.Packets is not { } packets || packets < 0 || Lost - earlier.Lost is not { } lost)
            return null;

        lost = Math.Max(0, lost);
        long all = includesLost ? packets : packets + lost;
        return all > 0 ? Math.Min(1, (double)lost / all) : null;
    }
}
