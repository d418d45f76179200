using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>
/// A message of a buffer: a body as Janus sent it, or a part of one that is too large. What its bytes do not show is in headers:
/// when and from where it came, and what was redacted or cut.
/// </summary>
/// <param name="Bytes">The message's bytes.</param>
/// <param name="Hash">The hash by which its body is recognised.</param>
internal sealed record BufferMessage(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Hash)
{
    private const string EmitterHeader = "emitter";
    private const string RemoteHeader = "remote";
    private const string ArrivedHeader = "arrived";
    private const string RedactedHeader = "redacted";
    private const string ElementHeader = "element";

    // A name may have any length, a header not.
    private const int LongestEmitter = 128;

    /// <summary>Whether something was redacted, so that the hash is not that of the bytes.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>The invalid elements of a redacted body, which its bytes do not have.</summary>
    public IReadOnlyList<RejectedElement> Rejected { get; init; } = [];

    /// <summary>Set where the bytes are one invalid element, or the beginning of an event that is too large.</summary>
    public RejectedElement? Element { get; init; }

    /// <summary>The properties that the message is published with.</summary>
    public BasicProperties Properties(ReceivedBody body, string? emitter)
    {
        Dictionary<string, object?> headers = new(StringComparer.Ordinal)
        {
            [ArrivedHeader] = (body.ArrivedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        };
        if (emitter is not null)
            headers[EmitterHeader] = emitter.Length > LongestEmitter ? emitter[..LongestEmitter] : emitter;
        if (body.RemoteAddress is { } remote)
            headers[RemoteHeader] = remote;
        if (IsRedacted)
            headers[RedactedHeader] = Written(Rejected);
        if (Element is { } element)
            headers[ElementHeader] = Written([element]);
        return new BasicProperties
        {
            Persistent = true,
            ContentType = "application/json",
            MessageId = Convert.ToHexStringLower(Hash.Span),
            Timestamp = new AmqpTimestamp(body.ArrivedAt.ToUnixTimeSeconds()),
            Headers = headers,
        };
    }

    /// <summary>Makes the body of a message from a queue, whether JanusEvents or Janus published it.</summary>
    /// <param name="bytes">Its bytes, which are the body's from now on.</param>
    /// <param name="properties">Its properties. None of them is trusted: what is missing or odd is as if it were not there.</param>
    /// <param name="parser">Reads the events.</param>
    /// <param name="now">The time of arrival where the message has none.</param>
    /// <param name="hashDiffers">Whether its id is another hash than that of its bytes.</param>
    public static ReceivedBody ReadBody(
        byte[] bytes, IReadOnlyBasicProperties properties, JanusEventParser parser, DateTimeOffset now, out bool hashDiffers)
    {
        hashDiffers = false;
        DateTimeOffset arrived = ArrivedOf(properties) ?? now;
        string? remote = TextOf(properties, RemoteHeader);
        if (ElementsOf(properties, ElementHeader, bytes) is [{ } element])
        {
            ParsedBody rejected = new([], [element]);
            return ElementsOf(properties, RedactedHeader, default) is not null && HashOf(properties) is { } ofElement
                ? new ReceivedBody(bytes, rejected, arrived, remote, ofElement)
                : new ReceivedBody(bytes, rejected, arrived, remote);
        }

        ParsedBody parsed = parser.Parse(bytes);
        if (ElementsOf(properties, RedactedHeader, default) is { } lost && HashOf(properties) is { } hash)
            return new ReceivedBody(bytes, parsed with { Rejected = lost }, arrived, remote, hash);

        ReceivedBody body = new(bytes, parsed, arrived, remote);
        hashDiffers = HashOf(properties) is { } given && !body.Hash.Span.SequenceEqual(given);
        return body;
    }

    private static byte[]? HashOf(IReadOnlyBasicProperties properties)
    {
        byte[] hash = new byte[SHA256.HashSizeInBytes];
        return properties.MessageId is { Length: SHA256.HashSizeInBytes * 2 } id
            && Convert.FromHexString(id, hash, out _, out _) == System.Buffers.OperationStatus.Done ? hash : null;
    }

    private static DateTimeOffset? ArrivedOf(IReadOnlyBasicProperties properties) =>
        Header(properties, ArrivedHeader) is long microseconds and > 0 and < 100_000_000_000_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;

    private static object? Header(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers is { } headers && headers.TryGetValue(name, out object? value) ? value : null;

    private static string? TextOf(IReadOnlyBasicProperties properties, string header) =>
        Header(properties, header) is byte[] text ? Encoding.UTF8.GetString(text) : null;

    private static string Written(IReadOnlyList<RejectedElement> elements) => string.Join('\n', elements.Select(element =>
        string.Create(CultureInfo.InvariantCulture, $"{element.Offset} {element.Size} {element.Reason.ReplaceLineEndings(" ")}")));

    /// <summary>Elements of a header that <see cref="Written"/> made; null where it is missing or something else.</summary>
    private static List<RejectedElement>? ElementsOf(IReadOnlyBasicProperties properties, string header, ReadOnlyMemory<byte> bytes)
    {
        if (TextOf(properties, header) is not { } text)
            return null;

        List<RejectedElement> elements = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ', 3);
            if (fields.Length < 3
                || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            {
                return null;
            }

            elements.Add(new RejectedElement(offset, fields[2], bytes) { Size = size });
        }

        return elements;
    }
}
