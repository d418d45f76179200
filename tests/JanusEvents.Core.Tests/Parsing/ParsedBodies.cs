using System.Buffers;
using System.Runtime.InteropServices;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>What must hold for whatever the parser makes of whatever body.</summary>
internal static class ParsedBodies
{
    private static readonly SearchValues<byte> s_betweenEvents = SearchValues.Create(" \r\n\t[],"u8);
    private static readonly SearchValues<byte> s_betweenBodies = SearchValues.Create(" \r\n\t[],\0\uFEFF"u8);

    /// <summary>Where an event's JSON lies in its body.</summary>
    public static (int Start, int End) Place(JanusEvent e)
    {
        MemoryMarshal.TryGetArray(e.Json.Utf8, out var slice).Should().BeTrue();
        return (slice.Offset, slice.Offset + slice.Count);
    }

    /// <summary>
    /// Events and rejected pieces lie in the body in its order and do not overlap, and together with white space,
    /// brackets, commas, and byte order marks and NULs between bodies they are the whole body: nothing is lost.
    /// </summary>
    public static void ShouldAccountForEveryByte(byte[] body, ParsedBody parsed)
    {
        List<(int Start, int End)> pieces = [];
        (int Start, int End) previous = (-1, -1);
        foreach (var e in parsed.Events)
        {
            var place = Place(e);
            if (place != previous)
                pieces.Add(place);
            previous = place;
        }

        List<string> problems = [];
        foreach (var piece in parsed.Rejected)
        {
            var end = piece.Offset + piece.Bytes.Length;
            if (piece.Offset < 0 || end > body.Length || !piece.Bytes.Span.SequenceEqual(body.AsSpan(piece.Offset..end)))
                problems.Add($"the piece at {piece.Offset} is not what stands there");
            if (piece.Reason.Length == 0)
                problems.Add($"the piece at {piece.Offset} has no reason");
            pieces.Add((piece.Offset, end));
        }

        pieces.Sort();
        pieces.Add((body.Length, body.Length));
        var between = body.AsSpan().ContainsAny("\0"u8) || body.AsSpan().LastIndexOf("\uFEFF"u8) > 0 ? s_betweenBodies : s_betweenEvents;
        var position = body.AsSpan().StartsWith("\uFEFF"u8) && pieces[0].Start > 0 ? 3 : 0;
        var jsonEnd = body.AsSpan().TrimEnd((byte)0).Length;
        foreach (var (start, end) in pieces)
        {
            if (start < position)
                problems.Add($"two pieces overlap at {start}");
            else if (position < jsonEnd && body.AsSpan(position..Math.Min(start, jsonEnd)).ContainsAnyExcept(between))
                problems.Add($"what stands from {position} to {start} is lost");
            position = end;
        }

        problems.Should().BeEmpty();
    }
}
