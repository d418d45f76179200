using System.Buffers.Binary;
using System.IO.Compression;

namespace JanusEvents.AspNetCore.Content;

/// <summary>
/// A member of a gzip stream. The framework's stream takes the end of its input for the end of the data, and does not report
/// where a member ends; so the end is found by the checksum and the length that stand there, which also shows one that is cut.
/// </summary>
/// <param name="Deflated">Its compressed data, and what follows.</param>
/// <param name="Length">Its length after decompression.</param>
/// <param name="Rest">The bytes after it.</param>
internal readonly record struct GzipMember(ArraySegment<byte> Deflated, int Length, ArraySegment<byte> Rest)
{
    private const int FixedHeader = 10;
    private const int Trailer = 8;
    private const byte HasHeaderChecksum = 2;
    private const byte HasExtraField = 4;
    private const byte HasName = 8;
    private const byte HasComment = 16;
    private const byte Reserved = 0xE0;

    /// <summary>Whether a member begins where some bytes begin.</summary>
    public static bool BeginsIn(ReadOnlySpan<byte> bytes) => bytes is [0x1f, 0x8b, ..];

    /// <summary>Decompresses the member that begins in some bytes, and keeps nothing of it.</summary>
    /// <returns>The member, or null when it is larger than the limit.</returns>
    /// <exception cref="InvalidDataException">It is no member, it is broken, or it is cut.</exception>
    public static GzipMember? Measure(ArraySegment<byte> bytes, int limit, byte[] scratch, CancellationToken cancellationToken)
    {
        ArraySegment<byte> deflated = bytes[HeaderLength(bytes)..];
        using DeflatedInput input = new(deflated);
        using DeflateStream stream = new(input, CompressionMode.Decompress);
        Crc32 checksum = new();
        int length = 0;
        while (stream.Read(scratch) is > 0 and int read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (read > limit - length)
                return null;
            length += read;
            checksum.Add(scratch.AsSpan(0, read));
        }

        return new GzipMember(deflated, length, RestAfter(deflated[input.LastRead..], checksum.Value, length));
    }

    /// <summary>Decompresses the member again.</summary>
    /// <param name="target">Gets it; of its length.</param>
    public void CopyTo(Span<byte> target)
    {
        using DeflateStream stream = new(new DeflatedInput(Deflated), CompressionMode.Decompress);
        stream.ReadExactly(target);
    }

    /// <summary>
    /// The bytes behind the member. Its end is in the last bytes that were read for it: where checksum and length stand, and
    /// behind them nothing but another member, or NULs.
    /// </summary>
    private static ArraySegment<byte> RestAfter(ArraySegment<byte> end, uint checksum, int length)
    {
        Span<byte> trailer = stackalloc byte[Trailer];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[sizeof(uint)..], length);
        int window = Math.Min(end.Count, DeflatedInput.Step + Trailer);
        for (int from = 0; end.AsSpan(from..window).IndexOf(trailer) is >= 0 and int place; from += place + 1)
        {
            ArraySegment<byte> rest = end[(from + place + Trailer)..];
            if (BeginsIn(rest) || !rest.AsSpan().ContainsAnyExcept((byte)0))
                return rest;
        }

        throw new InvalidDataException("The gzip member does not end as its content requires.");
    }

    private static int HeaderLength(ReadOnlySpan<byte> bytes)
    {
        const byte Deflate = 8;
        if (bytes.Length < FixedHeader || !BeginsIn(bytes) || bytes[2] != Deflate || (bytes[3] & Reserved) != 0)
            throw new InvalidDataException("The gzip header is broken.");

        byte flags = bytes[3];
        int length = FixedHeader;
        if ((flags & HasExtraField) != 0)
        {
            if (bytes.Length < length + sizeof(ushort))
                throw Cut();
            length += sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(bytes[length..]);
        }

        if ((flags & HasName) != 0)
            length = AfterNul(bytes, length);
        if ((flags & HasComment) != 0)
            length = AfterNul(bytes, length);
        if ((flags & HasHeaderChecksum) != 0)
            length += sizeof(ushort);
        return length < bytes.Length ? length : throw Cut();

        static int AfterNul(ReadOnlySpan<byte> bytes, int start) =>
            start < bytes.Length && bytes[start..].IndexOf((byte)0) is >= 0 and int nul ? start + nul + 1 : throw Cut();

        static InvalidDataException Cut() => new("The gzip header is cut.");
    }

    /// <summary>Gives bytes to be decompressed step by step, and remembers where the last step began.</summary>
    private sealed class DeflatedInput(ArraySegment<byte> bytes) : MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
    {
        public const int Step = 8 * 1024;

        public int LastRead { get; private set; }

        // All that the other overload does is to call this one.
        public override int Read(byte[] buffer, int offset, int count)
        {
            int place = (int)Position;
            int read = base.Read(buffer, offset, Math.Min(count, Step));
            if (read > 0)
                LastRead = place;
            return read;
        }
    }
}
