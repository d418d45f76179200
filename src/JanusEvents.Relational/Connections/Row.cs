using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>A row, and the body that its event came in.</summary>
internal readonly record struct Row(EventRow Event, ReceivedBody Body)
{
    /// <summary>How many bytes its texts have at the most: what a text takes is in the event's JSON, or escaped there.</summary>
    public long Bytes => Event.Event.Json.Utf8.Length;

    /// <summary>Where its event stands in the body, in bytes from 0. The parts of a combined event have the same.</summary>
    public int Place => Body.Json.Span.Overlaps(Event.Event.Json.Utf8.Span, out int place) ? place : 0;

    /// <summary>Whether its event has other rows.</summary>
    public bool IsPart => Event.Event is MediaStatsEvent { Part: not null };
}
