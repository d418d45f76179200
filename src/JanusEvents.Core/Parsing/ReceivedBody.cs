using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using JanusEvents.Events.Json;

namespace JanusEvents;

/// <summary>One body that a Janus server sent: what came in one POST, or in one message of a WebSocket.</summary>
public sealed class ReceivedBody
{
    private static readonly JanusEventParser s_parser =
        new(new JanusEventParserOptions { MaxDepth = RawJson.MaxDepth, MaxElements = int.MaxValue });

    private readonly byte[] _hash;

    /// <summary>Takes a body that was read and parsed.</summary>
    /// <param name="json">The body after decompression.</param>
    /// <param name="parsed">The parser's result.</param>
    /// <param name="arrivedAt">When it arrived.</param>
    /// <param name="remoteAddress">From where it came, where that is known.</param>
    /// <exception cref="ArgumentException">
    /// The parser found these events in other bytes, or they were made by code. A body of such events is made by
    /// <see cref="FromEvents"/>.
    /// </exception>
    public ReceivedBody(ReadOnlyMemory<byte> json, ParsedBody parsed, DateTimeOffset arrivedAt, string? remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        foreach (JanusEvent e in parsed.Events)
        {
            if (!json.Span.Overlaps(e.Json.Utf8.Span))
            {
                throw new ArgumentException(
                    $"A {e.GetType().Name} is not one of the events that the parser found in the body's bytes. "
                    + $"Make a body of events that were made by code with {nameof(ReceivedBody)}.{nameof(FromEvents)}.",
                    nameof(parsed));
            }
        }

        Json = json;
        Events = parsed.Events;
        Rejected = parsed.Rejected;
        IsUsable = parsed.IsUsable;
        ArrivedAt = arrivedAt;
        RemoteAddress = remoteAddress;
        _hash = SHA256.HashData(json.Span);
    }

    /// <summary>Takes a redacted body from a spool, with the hash of the bytes that Janus sent.</summary>
    internal ReceivedBody(ReadOnlyMemory<byte> json, ParsedBody parsed, DateTimeOffset arrivedAt, string? remoteAddress, byte[] hash)
    {
        Json = json;
        Events = parsed.Events;
        Rejected = parsed.Rejected;
        IsUsable = parsed.IsUsable;
        ArrivedAt = arrivedAt;
        RemoteAddress = remoteAddress;
        IsRedacted = true;
        _hash = hash;
    }

    private ReceivedBody(ReceivedBody body, IReadOnlyList<JanusEvent> events)
    {
        Json = body.Json;
        Events = events;
        Rejected = body.Rejected;
        IsUsable = body.IsUsable;
        ArrivedAt = body.ArrivedAt;
        RemoteAddress = body.RemoteAddress;
        Sequence = body.Sequence;
        IsRedacted = body.IsRedacted;
        Span = body.Span;
        _hash = body._hash;
    }

    /// <summary>
    /// Makes a body of events, also of such as were made by code: writes them as Janus would and reads them again, so that
    /// they can be stored like those of a body that was received. The same events give the same bytes, and so the same
    /// <see cref="Hash"/>.
    /// </summary>
    /// <param name="events">
    /// The events. Parts of combined statistics that follow each other (<see cref="MediaStatsEvent.Part"/> 0, 1, 2 …)
    /// become one event, numbered from 0.
    /// </param>
    /// <param name="arrivedAt">When they arrived.</param>
    /// <param name="remoteAddress">From where they came, where that is known.</param>
    /// <returns>The body; its <see cref="Events"/> equal the given ones, and have their <see cref="JanusEvent.Json"/>.</returns>
    /// <exception cref="ArgumentException">
    /// An event has another type or subtype than its record, or raw JSON in it is none.
    /// </exception>
    public static ReceivedBody FromEvents(IReadOnlyList<JanusEvent> events, DateTimeOffset arrivedAt, string? remoteAddress = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArrayBufferWriter<byte> json = new();
        EventWriter.WriteAll(events, json);
        ParsedBody parsed = s_parser.Parse(json.WrittenMemory);
        int differs = 0;
        while (differs < events.Count && differs < parsed.Events.Count && IsSame(events[differs], parsed.Events[differs]))
            differs++;
        if (differs < events.Count)
        {
            JanusEvent e = events[differs];
            throw new ArgumentException(
                $"The event at place {differs}, a {e.GetType().Name} of type {(int)e.Type} and subtype {e.Subtype?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, "
                + "is not read again as such. Give it the type and subtype of its record (a new record has them), and JSON as its raw JSON.",
                nameof(events));
        }

        return new ReceivedBody(json.WrittenMemory, parsed, arrivedAt, remoteAddress);

        static bool IsSame(JanusEvent given, JanusEvent read) => given is UnknownEvent || given.GetType() == read.GetType();
    }

    /// <summary>
    /// The SHA-256 hash of the body as Janus sent it, after decompression, 32 bytes. Janus sends a body that it has to send
    /// again byte for byte as before, and nothing else in the data distinguishes bodies, so equal hashes mean: the
    /// same body again.
    /// </summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>The number of the body in the order of arrival at this host, from 1, since the host started.</summary>
    public long Sequence { get; internal set; }

    /// <summary>When it arrived, by this host's clock.</summary>
    public DateTimeOffset ArrivedAt { get; }

    /// <summary>The address that it came from, as text without a port; null where that is not known.</summary>
    public string? RemoteAddress { get; }

    /// <summary>
    /// The body as it came, after decompression; where <see cref="JanusEventsOptions.Redaction"/> took something out, an
    /// array of its events without that.
    /// </summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>
    /// Its events in the order in which they were sent; without those that <see cref="EventSinkOptions.Filter"/> leaves
    /// out.
    /// </summary>
    public IReadOnlyList<JanusEvent> Events { get; }

    /// <summary>Its invalid elements.</summary>
    public IReadOnlyList<RejectedElement> Rejected { get; }

    /// <summary>
    /// True when its sender is answered with success once it is stored: it had an event, or it was an empty array, which has
    /// nothing to refuse.
    /// </summary>
    public bool IsUsable { get; }

    /// <summary>Whether it was redacted, so that none of its bytes may be kept as they came.</summary>
    internal bool IsRedacted { get; }

    /// <summary>Whether it was counted already as one that came in.</summary>
    internal bool IsCounted { get; set; }

    /// <summary>Whether it is known that it was stored before.</summary>
    internal bool IsDuplicate { get; set; }

    /// <summary>The span of its delivery, for those of the batches to link to; null where nobody listens.</summary>
    internal Activity? Span { get; set; }

    /// <summary>The same body with redacted bytes.</summary>
    internal ReceivedBody Redact(ReadOnlyMemory<byte> json, ParsedBody parsed) =>
        new(json, parsed, ArrivedAt, RemoteAddress, _hash) { Span = Span };

    /// <summary>The same body with some of its events only.</summary>
    internal ReceivedBody With(IReadOnlyList<JanusEvent> events) => new(this, events);
}
