using System.Buffers;
using System.Text.Json;

namespace JanusEvents.Spool;

/// <summary>A body as it lies in the spool.</summary>
internal sealed record SpooledBody(long Sequence, DateTimeOffset ArrivedAt, string? RemoteAddress, byte[] Json)
{
    /// <summary>The data that its bytes do not show any more, where it was redacted.</summary>
    public RedactedBody? Redacted { get; init; }
}

/// <summary>Data that the spool keeps beside a redacted body.</summary>
/// <param name="Hash">The hash of the bytes that Janus sent.</param>
/// <param name="Rejected">The invalid elements, without their bytes.</param>
internal sealed record RedactedBody(byte[] Hash, IReadOnlyList<RejectedElement> Rejected)
{
    /// <summary>The rejected elements as text; null where there are none.</summary>
    public static string? Write(IReadOnlyList<RejectedElement> rejected)
    {
        if (rejected.Count == 0)
            return null;

        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartArray();
            foreach (RejectedElement element in rejected)
            {
                writer.WriteNumberValue(element.Offset);
                writer.WriteNumberValue(element.Size);
                writer.WriteStringValue(element.Reason);
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(json.WrittenSpan);
    }

    /// <summary>The rejected elements of a text that <see cref="Write"/> made.</summary>
    public static IReadOnlyList<RejectedElement> Read(string? text)
    {
        if (text is null)
            return [];

        using JsonDocument json = JsonDocument.Parse(text);
        return
        [
            .. json.RootElement.EnumerateArray().Chunk(3).Select(element =>
                new RejectedElement(element[0].GetInt32(), element[2].GetString()!, default) { Size = element[1].GetInt32() }),
        ];
    }
}
