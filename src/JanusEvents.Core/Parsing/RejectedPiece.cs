namespace JanusEvents;

/// <summary>A piece of a body that is not an event: where it stood, why it was refused, and what it was.</summary>
/// <param name="Offset">The place of its first byte in the body, from 0.</param>
/// <param name="Reason">Why it is no event, in one sentence that quotes nothing of it.</param>
/// <param name="Bytes">Its bytes as they came; not necessarily JSON, nor valid UTF-8.</param>
public sealed record RejectedPiece(int Offset, string Reason, ReadOnlyMemory<byte> Bytes);
