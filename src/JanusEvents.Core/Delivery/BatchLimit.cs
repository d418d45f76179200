namespace JanusEvents.Delivery;

/// <summary>Says how many bodies make a batch: at least one, then as many as the options allow.</summary>
internal struct BatchLimit(JanusEventsOptions options)
{
    private long _events;
    private long _bytes;
    private bool _any;

    /// <summary>Asks whether one more body belongs to the batch, and counts it if so.</summary>
    public bool Takes(ReceivedBody body)
    {
        long events = _events + body.Events.Count;
        long bytes = _bytes + body.Json.Length;
        if (_any && (events > options.MaxBatchEvents || bytes > options.MaxBatchBytes))
            return false;

        (_events, _bytes, _any) = (events, bytes, true);
        return true;
    }
}
