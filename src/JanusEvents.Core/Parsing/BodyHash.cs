using System.Runtime.InteropServices;

namespace JanusEvents.Parsing;

/// <summary>A body's SHA-256 as a key of dictionaries.</summary>
internal readonly record struct BodyHash(ulong A, ulong B, ulong C, ulong D)
{
    public static BodyHash Of(ReceivedBody body) => MemoryMarshal.Read<BodyHash>(body.Hash.Span);
}
