using System.Security.Cryptography;
using JanusEvents.RabbitMq.Connections;

namespace JanusEvents.RabbitMq.Publishing;

/// <summary>
/// The messages of a body: one as a rule. A body that is larger than a message may be is divided into its events, always in the same
/// way, so that a retransmitted one gives the same messages; an event that is larger by itself is cut, and becomes a rejected one.
/// </summary>
internal static class BodyDivision
{
    /// <summary>Divides a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="limit">How many bytes a message may have.</param>
    public static IReadOnlyList<BufferMessage> Of(ReceivedBody body, int limit)
    {
        if (body.Json.Length <= limit)
        {
            return
            [
                new BufferMessage(body.Json, body.Hash)
                {
                    IsRedacted = body.IsRedacted,
                    Rejected = body.IsRedacted ? body.Rejected : [],
                },
            ];
        }

        List<BufferMessage> messages = [];
        List<ReadOnlyMemory<byte>> group = [];
        int size = 2;
        foreach (JanusEvent e in body.Events)
        {
            // The parts of a combined statistics event share one JSON.
            if (e is MediaStatsEvent { Part: > 0 })
                continue;

            ReadOnlyMemory<byte> json = e.Json.Utf8;
            if (json.Length + 2 > limit)
            {
                CloseGroup();
                messages.Add(TooLarge(body, json, limit));
                continue;
            }

            if (size + json.Length + 1 > limit)
                CloseGroup();
            group.Add(json);
            size += json.Length + 1;
        }

        CloseGroup();
        messages.AddRange(body.Rejected.Select(element => Rejected(body, element, limit)));
        return messages;

        void CloseGroup()
        {
            if (group.Count == 0)
                return;

            byte[] array = new byte[group.Sum(json => json.Length + 1) + 1];
            int end = 0;
            foreach (ReadOnlyMemory<byte> json in group)
            {
                array[end++] = (byte)(end == 1 ? '[' : ',');
                json.Span.CopyTo(array.AsSpan(end));
                end += json.Length;
            }

            array[end] = (byte)']';
            messages.Add(new BufferMessage(array, SHA256.HashData(array)) { IsRedacted = body.IsRedacted });
            group.Clear();
            size = 2;
        }
    }

    private static BufferMessage TooLarge(ReceivedBody body, ReadOnlyMemory<byte> json, int limit) =>
        Rejected(body, new RejectedElement(0, $"The event has {json.Length} bytes; a message of the buffer has {limit} at most.", json), limit);

    /// <summary>A message with the bytes of an invalid element, as far as they fit and may be kept.</summary>
    private static BufferMessage Rejected(ReceivedBody body, RejectedElement element, int limit)
    {
        ReadOnlyMemory<byte> bytes = body.IsRedacted ? default : element.Bytes[..Math.Min(element.Bytes.Length, limit)];

        // The element of a redacted body has no bytes, but its body and its place.
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(body.IsRedacted ? body.Hash.Span : bytes.Span);
        if (body.IsRedacted)
            hash.AppendData(BitConverter.GetBytes(element.Offset));
        return new BufferMessage(bytes, hash.GetHashAndReset()) { IsRedacted = body.IsRedacted, Element = element };
    }
}
