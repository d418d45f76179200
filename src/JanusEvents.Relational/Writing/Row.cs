using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>A row, and the body that its event came in.</summary>
internal readonly record struct Row(EventRow Event, ReceivedBody Body)
{
    /// <summary>How many bytes its texts have at the most: what a text takes is in the event's JSON, or escaped there.</summary>
    public long Bytes => Event.Event.Json.Utf8.Length;
}
