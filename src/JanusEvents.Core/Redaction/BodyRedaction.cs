using System.Buffers;

namespace JanusEvents.Redaction;

/// <summary>
/// Redacts bodies, at the one place where every body goes through: between the receiver and whatever
/// stores, spools or passes it on. A body keeps the hash of the bytes that Janus sent, so that a retransmission is recognised.
/// </summary>
internal sealed class BodyRedaction
{
    private static readonly JanusEventParser s_parser =
        new(new JanusEventParserOptions { MaxDepth = RawJson.MaxDepth, MaxElements = int.MaxValue });

    private readonly JsonRedaction _json;

    private BodyRedaction(RedactionOptions options) => _json = new JsonRedaction(new SecretText(options));

    /// <summary>The redaction of the options; null where they keep everything.</summary>
    public static BodyRedaction? Of(RedactionOptions options) => options.KeepAll ? null : new BodyRedaction(options);

    /// <summary>
    /// The redacted body, without the bytes of its invalid elements. Where there is neither, its bytes and
    /// events are the same.
    /// </summary>
    public ReceivedBody Redact(ReceivedBody body)
    {
        if (body.IsRedacted)
            return body;

        ArrayBufferWriter<byte>? clean = body.Rejected.Count > 0 ? Rewritten(body, 0) : null;
        for (int i = 0; i < body.Events.Count; i++)
        {
            if (IsFurtherPart(body.Events, i))
                continue;

            ReadOnlyMemory<byte> json = body.Events[i].Json.Utf8;
            ReadOnlyMemory<byte>? changed = _json.CleanEvent(json.Span);
            if (changed is not null)
                clean ??= Rewritten(body, i);
            if (clean is not null)
                Append(clean, (changed ?? json).Span);
        }

        if (clean is null)
            return body.Redact(body.Json, new ParsedBody(body.Events, body.Rejected));

        clean.Write("]"u8);
        ParsedBody parsed = s_parser.Parse(clean.WrittenMemory);
        RejectedElement[] rejected = [.. body.Rejected.Select(element => element with { Bytes = default })];
        return body.Redact(clean.WrittenMemory, new ParsedBody(parsed.Events, rejected));
    }

    /// <summary>The beginning of another body, with the events before a place as they are.</summary>
    private static ArrayBufferWriter<byte> Rewritten(ReceivedBody body, int before)
    {
        ArrayBufferWriter<byte> clean = new(body.Json.Length + 2);
        clean.Write("["u8);
        for (int i = 0; i < before; i++)
        {
            if (!IsFurtherPart(body.Events, i))
                Append(clean, body.Events[i].Json.Utf8.Span);
        }

        return clean;
    }

    private static void Append(ArrayBufferWriter<byte> clean, ReadOnlySpan<byte> json)
    {
        if (clean.WrittenCount > 1)
            clean.Write(","u8);
        clean.Write(json);
    }

    /// <summary>The parts of a combined statistics event share one JSON.</summary>
    private static bool IsFurtherPart(IReadOnlyList<JanusEvent> events, int place) =>
        events[place] is MediaStatsEvent { Part: > 0 };
}
