using System.Buffers;

namespace JanusEvents.Events.Json;

/// <summary>
/// Writes events from their properties, under Janus's names and in Janus's order: the way back of <see cref="EventReader"/>
/// for events that were made by code.
/// </summary>
internal static class EventWriter
{
    /// <summary>Writes one event, a part of combined statistics as an event of its own.</summary>
    public static void Write(JanusEvent e, IBufferWriter<byte> buffer) => WriteEvent([e], new JsonText(buffer));

    /// <summary>
    /// Writes a body, an array of events. Parts of combined statistics that follow each other become one event again.
    /// </summary>
    public static void WriteAll(IReadOnlyList<JanusEvent> events, IBufferWriter<byte> buffer)
    {
        JsonText text = new(buffer);
        List<JanusEvent> parts = [];
        text.StartArray();
        for (int i = 0; i < events.Count; i++)
        {
            parts.Add(events[i]);
            if (i + 1 < events.Count && Part(events[i]) is { } part && Part(events[i + 1]) == part + 1)
                continue;

            WriteEvent(parts, text);
            parts.Clear();
        }

        text.EndArray();
    }

    /// <summary>Writes what the envelope of an event has.</summary>
    public static void WriteEnvelope(JanusEvent e, JsonText text)
    {
        WriteText("emitter", e.Emitter, text);
        WriteNumber("type", (int)e.Type, text);
        WriteNumber("subtype", e.Subtype, text);
        WriteNumber("timestamp", e.Envelope.TimestampMicroseconds, text);
        WriteNumber("session_id", e.SessionId, text);
        WriteNumber("handle_id", e.HandleId, text);
        WriteText("opaque_id", e.OpaqueId, text);
    }

    /// <summary>Writes the body of an event, from its properties.</summary>
    public static void WriteBody(JanusEvent e, JsonText text)
    {
        if (e is UnknownEvent unknown)
        {
            text.Compact(unknown.Body);
            return;
        }

        text.StartObject();
        EventKinds.Of(e).Write(e, text);
        text.EndObject();
    }

    private static int? Part(JanusEvent e) => (e as MediaStatsEvent)?.Part;

    private static void WriteEvent(List<JanusEvent> parts, JsonText text)
    {
        JanusEvent first = parts[0];
        bool combined = Part(first) is not null;
        if (!combined && !first.Json.IsEmpty)
        {
            text.Compact(first.Json);
            return;
        }

        text.StartObject();
        WriteEnvelope(first, text);
        if (first is not UnknownEvent { Body.IsEmpty: true })
        {
            text.Name("event");
            if (combined)
                text.StartArray();
            foreach (JanusEvent part in parts)
                WriteWhole(part, text);
            if (combined)
                text.EndArray();
        }

        UnmodelledRest.Of(first)?.WriteEnvelope(first, text);
        text.EndObject();
    }

    private static void WriteWhole(JanusEvent part, JsonText text)
    {
        if (UnmodelledRest.Of(part) is { } rest)
            rest.WriteBody(part, text);
        else
            WriteBody(part, text);
    }

    private static void WriteText(string name, string? value, JsonText text)
    {
        if (value is not null)
        {
            text.Name(name);
            text.String(value);
        }
    }

    private static void WriteNumber(string name, long? value, JsonText text)
    {
        if (value is { } number)
        {
            text.Name(name);
            text.Number(number);
        }
    }
}
