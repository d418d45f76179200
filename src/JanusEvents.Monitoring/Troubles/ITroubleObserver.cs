namespace JanusEvents.Monitoring.Troubles;

/// <summary>Learns of troubles in the order in which they change. Is called under the lock of the state, so that it must only take note.</summary>
internal interface ITroubleObserver
{
    /// <summary>Whether it takes what is found again in stored events when the host starts.</summary>
    bool IsToldOfRestored => false;

    /// <summary>A trouble was open before the host started, and still is: whoever was told then is not told again.</summary>
    void Resume(Trouble trouble)
    {
    }

    /// <summary>A trouble began, began again (<see cref="Trouble.Count"/> &gt; 1), got worse, or ended.</summary>
    /// <param name="trouble">As it is now.</param>
    /// <param name="change">What happened to it.</param>
    void Changed(Trouble trouble, TroubleChange change);
}

/// <summary>What happened to a trouble.</summary>
internal enum TroubleChange
{
    Began,
    Worsened,
    Ended,
}
