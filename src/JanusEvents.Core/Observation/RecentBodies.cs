using JanusEvents.Delivery;

namespace JanusEvents.Observation;

/// <summary>
/// The bodies that were stored lately, so that one that came again is not counted again. Janus sends again for about a
/// minute; a body that is older than these is counted as a new one.
/// </summary>
internal sealed class RecentBodies
{
    /// <summary>How many are known.</summary>
    public const int Capacity = 32_768;

    private readonly HashSet<ulong> _known = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>Notes a body.</summary>
    /// <returns>False when it was noted before.</returns>
    public bool Add(ReceivedBody body)
    {
        ulong hash = BodyHash.Of(body).A;
        if (!_known.Add(hash))
            return false;

        if (_order.Count == Capacity)
            _known.Remove(_order.Dequeue());
        _order.Enqueue(hash);
        return true;
    }
}
