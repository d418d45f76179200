using System.Security.Cryptography;

namespace JanusEvents;

/// <summary>One body that a Janus server sent: what came in one POST.</summary>
public sealed class ReceivedBody
{
    private readonly byte[] _hash;

    /// <summary>Takes a body that was read and parsed.</summary>
    /// <param name="json">The body after decompression.</param>
    /// <param name="parsed">What the parser found in it.</param>
    /// <param name="arrivedAt">When it arrived.</param>
    /// <param name="remoteAddress">From where it came, where that is known.</param>
    public ReceivedBody(ReadOnlyMemory<byte> json, ParsedBody parsed, DateTimeOffset arrivedAt, string? remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        Json = json;
        Events = parsed.Events;
        Rejected = parsed.Rejected;
        IsUsable = parsed.IsUsable;
        ArrivedAt = arrivedAt;
        RemoteAddress = remoteAddress;
        _hash = SHA256.HashData(json.Span);
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
        _hash = body._hash;
    }

    /// <summary>
    /// The SHA-256 hash of <see cref="Json"/>, 32 bytes. Janus sends a body that it has to send again byte for byte as
    /// before, and nothing else in the data tells one body from another, so equal hashes mean: the same body again.
    /// </summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>The number of the body in the order of arrival at this host, from 1, since the host started.</summary>
    public long Sequence { get; internal set; }

    /// <summary>When it arrived, by this host's clock.</summary>
    public DateTimeOffset ArrivedAt { get; }

    /// <summary>The address that it came from, as text without a port; null where that is not known.</summary>
    public string? RemoteAddress { get; }

    /// <summary>The body as it came, after decompression.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>
    /// Its events in the order in which they were sent; without those that <see cref="EventSinkOptions.Filter"/> leaves
    /// out.
    /// </summary>
    public IReadOnlyList<JanusEvent> Events { get; }

    /// <summary>What in it was no event.</summary>
    public IReadOnlyList<RejectedPiece> Rejected { get; }

    /// <summary>
    /// True when its sender is told of a success once it is stored: it had an event, or it was an empty array, which has
    /// nothing to refuse.
    /// </summary>
    public bool IsUsable { get; }

    /// <summary>The same body with some of its events only.</summary>
    internal ReceivedBody With(IReadOnlyList<JanusEvent> events) => new(this, events);
}
