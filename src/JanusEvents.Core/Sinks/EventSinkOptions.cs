namespace JanusEvents;

/// <summary>How a sink of one's own is fed: see <c>AddSink</c>.</summary>
public sealed class EventSinkOptions
{
    /// <summary>
    /// How messages call the sink, and by what a spool keeps its progress: not empty, and no two sinks may have the same.
    /// Null, the default, is the name of its type, with a number from the second sink of a type on.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// True, the default, when an event counts as stored only once this sink has it: a failure holds up the answer to
    /// the sender, and the batch is tried again. False for a sink that may miss events: it has a bounded queue of its
    /// own (<see cref="JanusEventsOptions.BestEffortQueueBytes"/>) and delays nobody.
    /// </summary>
    public bool Required { get; set; } = true;

    /// <summary>
    /// Selects the events that the sink gets; null, the default, is all. The others are in neither the batch nor the
    /// <see cref="ReceivedBody.Events"/> of its <see cref="EventBatch.Bodies"/>, which keep their hash, their bytes and
    /// their rejected elements; a batch of which nothing is left is not written.
    /// </summary>
    /// <remarks>
    /// It is asked on the way to this sink alone, one event at a time, and again when a batch is repeated, so it must be
    /// quick and always say the same of the same event. An event for which it throws is kept: too much is better than
    /// too little.
    /// </remarks>
    public Func<JanusEvent, bool>? Filter { get; set; }
}
