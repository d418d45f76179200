namespace JanusEvents.Monitoring.Troubles;

/// <summary>Learns of troubles in the order in which they change. Is called under the lock of the state, so that it must only take note.</summary>
internal interface ITroubleObserver
{
    /// <summary>Whether it takes what is found again in stored events when the host starts.</summary>
    bool IsToldOfRestored => false;

    /// <summary>A trouble was open before the host started, and still is: handlers that were notified then are not notified again.</summary>
    void Resume(Trouble trouble)
    {
    }

    /// <summary>A trouble began, began again (<see cref="Trouble.Count"/> &gt; 1), got worse, or ended.</summary>
    /// <param name="trouble">As it is now.</param>
    /// <param name="change">The change.</param>
    void Changed(Trouble trouble, TroubleChange change);
}

/// <summary>A change of a trouble.</summary>
internal enum TroubleChange
{
    Began,
    Worsened,
    Ended,
}
