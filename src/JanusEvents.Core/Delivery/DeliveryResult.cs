namespace JanusEvents;

/// <summary>The outcome of <see cref="IBodyDelivery.DeliverAsync"/>.</summary>
public enum DeliveryResult
{
    /// <summary>The body is not stored. The sender must keep it and retransmit it.</summary>
    NotStored,

    /// <summary>The body is stored: in every required sink, or in the spool where there is one.</summary>
    Stored,

    /// <summary>
    /// The body was stored before, and was not stored again. Reported where this host knows it: the body is among those that
    /// it stored last, is a retransmission of one that is being stored, or is known to the spool or the database. A sink of
    /// a host's own that skips a duplicate does not report it, so that the result is <see cref="Stored"/>.
    /// </summary>
    Duplicate,
}
