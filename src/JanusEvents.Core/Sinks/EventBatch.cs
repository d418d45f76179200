using System.Collections;

namespace JanusEvents;

/// <summary>
/// Events to be stored together: all events of one or more bodies, in the order in which they arrived.
/// </summary>
public sealed class EventBatch : IReadOnlyList<JanusEvent>
{
    private readonly JanusEvent[] _events;

    /// <summary>
    /// Makes a batch of bodies, as for a test of a sink: <c>new EventBatch([ReceivedBody.FromEvents([new DtlsEvent { State =
    /// "connected" }], DateTimeOffset.UtcNow)])</c>.
    /// </summary>
    /// <param name="bodies">The bodies in the order of their arrival.</param>
    public EventBatch(IReadOnlyList<ReceivedBody> bodies)
    {
        ArgumentNullException.ThrowIfNull(bodies);
        Bodies = bodies;
        _events = new JanusEvent[bodies.Sum(b => b.Events.Count)];
        int next = 0;
        foreach (ReceivedBody body in bodies)
        {
            foreach (JanusEvent e in body.Events)
                _events[next++] = e;
        }
    }

    /// <summary>
    /// The bodies that the events came in. A sink that must not store anything twice keeps their hashes with the events;
    /// one that must not lose anything keeps their rejected elements as well.
    /// </summary>
    public IReadOnlyList<ReceivedBody> Bodies { get; }

    /// <summary>
    /// Where the batch ends in the spool that it comes from; null without a spool. A store keeps it: see
    /// <see cref="IResumingSink"/>.
    /// </summary>
    public SpoolPosition? Position { get; init; }

    /// <summary>How many events there are.</summary>
    public int Count => _events.Length;

    /// <summary>The event at a place, from 0.</summary>
    /// <param name="index">The place.</param>
    public JanusEvent this[int index] => _events[index];

    /// <summary>Goes through the events in the order of their arrival.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<JanusEvent> GetEnumerator() => ((IEnumerable<JanusEvent>)_events).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
