using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Writing;

/// <summary>Something of a body that is kept as bytes because it has no row.</summary>
/// <param name="Body">The body.</param>
/// <param name="Place">Where it stood in the body, in bytes from 0.</param>
/// <param name="Reason">Why.</param>
/// <param name="Bytes">Its bytes.</param>
internal sealed record Rejection(ReceivedBody Body, int Place, string Reason, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How many bytes it had; more than <see cref="Bytes"/> where these were redacted.</summary>
    public long Size { get; private init; } = Bytes.Length;

    public static Rejection Of(ReceivedBody body, RejectedElement element) =>
        new(body, element.Offset, element.Reason, element.Bytes) { Size = element.Size };

    public static Rejection Of(Row row, string reason) => new(row.Body, row.Place, reason, row.Event.Event.Json.Utf8);
}
