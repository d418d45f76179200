namespace JanusEvents;

/// <summary>An invalid element of a body: its place, the reason, and its bytes.</summary>
/// <param name="Offset">The place of its first byte in the body, from 0.</param>
/// <param name="Reason">Why it is invalid, in one sentence that quotes nothing of it.</param>
/// <param name="Bytes">
/// Its bytes as they came; not necessarily JSON, nor valid UTF-8. None where <see cref="JanusEventsOptions.Redaction"/> takes
/// anything out, since an invalid element cannot be searched for it.
/// </param>
public sealed record RejectedElement(int Offset, string Reason, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How many bytes it had, also where <see cref="Bytes"/> has none any more.</summary>
    public int Size { get; init; } = Bytes.Length;
}
