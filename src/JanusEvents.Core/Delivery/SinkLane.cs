namespace JanusEvents.Delivery;

/// <summary>
/// The bodies of one sender that go to a sink by themselves, since some of them fail while others are stored: so they hold up nobody
/// else. Not safe for several threads.
/// </summary>
internal sealed class SinkLane(JanusEventsOptions options, IEnumerable<PendingBody> bodies)
{
    private readonly List<PendingBody> _waiting = [.. bodies];
    private int _inHand;

    /// <summary>How many bodies it has.</summary>
    public int Count => _waiting.Count;

    /// <summary>Puts a body at the end.</summary>
    public void Enqueue(PendingBody pending) => _waiting.Add(pending);

    /// <summary>The bodies to be written next; none when there are none.</summary>
    public List<PendingBody> NextBatch()
    {
        BatchLimit limit = new(options);
        List<PendingBody> batch = [.. _waiting.TakeWhile(pending => limit.Takes(pending.Body))];
        _inHand = batch.Count;
        return batch;
    }

    /// <summary>Keeps what is left of the batch, before what came meanwhile.</summary>
    public void Written(List<PendingBody> left)
    {
        _waiting.RemoveRange(0, _inHand);
        _waiting.InsertRange(0, left);
    }

    /// <summary>Takes whatever it has.</summary>
    public List<PendingBody> TakeAll()
    {
        List<PendingBody> all = [.. _waiting];
        _waiting.Clear();
        return all;
    }
}

/// <summary>A server, as far as its bodies identify it.</summary>
internal readonly record struct Sender(string? Address, string? Emitter)
{
    public static Sender Of(ReceivedBody body) => new(body.RemoteAddress, body.Events.Count > 0 ? body.Events[0].Emitter : null);
}
