namespace JanusEvents.AspNetCore.Content;

/// <summary>A message that came by a WebSocket.</summary>
/// <param name="Bytes">What of it is kept.</param>
/// <param name="Cut">Why that is not all of it; null when it is.</param>
internal sealed record ReceivedMessage(ReadOnlyMemory<byte> Bytes, string? Cut);
