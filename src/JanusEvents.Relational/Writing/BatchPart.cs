using JanusEvents.Delivery;

namespace JanusEvents.Relational.Writing;

/// <summary>What of a batch is written in one transaction.</summary>
internal sealed class BatchPart
{
    // Below that, what a transaction costs by itself is more than what two at a time save.
    private const int MinEvents = 50;

    private readonly List<NumberedBody> _bodies = [];
    private int _events;

    private BatchPart(SpoolPosition? position) => Position = position;

    /// <summary>The bodies, in the order of the batch.</summary>
    public IReadOnlyList<NumberedBody> Bodies => _bodies;

    /// <summary>How far the spool is stored with it; null where there is none.</summary>
    public SpoolPosition? Position { get; }

    /// <summary>
    /// Divides a batch into parts of about the same size that can be written at the same time. What one server sent stays
    /// together, so that its order is kept when a part fails and is written later, and so does a body that came twice,
    /// since two transactions with the same hash would wait for each other. A batch of the spool is one part, which is stored
    /// with the spool's position.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="firstNumber">The number of its first event.</param>
    /// <param name="most">How many parts there may be.</param>
    public static List<BatchPart> Of(EventBatch batch, long firstNumber, int most)
    {
        most = batch.Position is null ? Math.Clamp(batch.Count / MinEvents, 1, Math.Min(most, batch.Bodies.Count)) : 1;
        List<BatchPart> parts = [];
        Dictionary<(string? Address, string? Emitter), BatchPart> bySender = [];
        Dictionary<ReadOnlyMemory<byte>, BatchPart> byHash = new(HashComparer.Instance);
        long number = firstNumber;
        foreach (ReceivedBody body in batch.Bodies)
        {
            BatchPart? part = most == 1 ? parts.FirstOrDefault() : null;
            if (most > 1)
            {
                (string?, string?) sender = (body.RemoteAddress, body.Events.Count > 0 ? body.Events[0].Emitter : null);
                part = byHash.GetValueOrDefault(body.Hash) ?? bySender.GetValueOrDefault(sender);
                part ??= parts.Count == most ? parts.MinBy(p => p._events)! : null;
                part ??= Add();
                byHash.TryAdd(body.Hash, part);
                bySender.TryAdd(sender, part);
            }

            part ??= Add();
            part._bodies.Add(new NumberedBody(body, number));
            part._events += body.Events.Count;
            number += body.Events.Count;
        }

        return parts;

        BatchPart Add()
        {
            BatchPart part = new(batch.Position);
            parts.Add(part);
            return part;
        }
    }
}
