namespace JanusEvents.Delivery;

/// <summary>What holds between a host that stops storing a server's bodies and the one that goes on with them.</summary>
internal static class TakeOver
{
    /// <summary>
    /// How long a store uses numbers that it took without asking whether another host took some after it.
    /// </summary>
    public static readonly TimeSpan NumbersAreFresh = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long to wait before the first body of a server that another host may have stored for a moment ago: the store then asks, and
    /// the server's order stays.
    /// </summary>
    public static readonly TimeSpan Pause = NumbersAreFresh * 1.1;
}
