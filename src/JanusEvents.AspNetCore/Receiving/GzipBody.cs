using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using JanusEvents.Delivery;

namespace JanusEvents.Receiving;

/// <summary>
/// Decompresses a body in two passes: the first only counts, so that a bomb costs no memory and the second knows the
/// exact size to reserve and to take.
/// </summary>
internal static class GzipBody
{
    /// <summary>Says whether a body is gzip. No JSON begins like that, so the bytes tell, whatever the headers say.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> body) => body is [0x1f, 0x8b, ..];

    /// <summary>Decompresses a body.</summary>
    /// <returns>The decompressed body, or null when it is larger than the limit.</returns>
    /// <exception cref="InvalidDataException">It is broken or cut.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> InflateAsync(
        ReadOnlyMemory<byte> body,
        int limit,
        ByteReservation memory,
        CancellationToken cancellationToken)
    {
        int length = Measure(body, limit, cancellationToken);
        if (length > limit)
            return null;

        await memory.AddAsync(length, cancellationToken).ConfigureAwait(false);
        byte[] inflated = GC.AllocateUninitializedArray<byte>(length);
        using GZipStream stream = Open(body);
        stream.ReadExactly(inflated);
        return inflated;
    }

    private static int Measure(ReadOnlyMemory<byte> body, int limit, CancellationToken cancellationToken)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            using GZipStream stream = Open(body);
            int length = 0;
            while (stream.Read(scratch) is > 0 and int read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (read > limit - length)
                    return limit + 1;
                length += read;
            }

            if (!IsWhole(body.Span, length))
                throw new InvalidDataException("The gzip stream does not end as its content says.");
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>
    /// The stream takes the end of its input for the end of the data, so that a cut body must be told by the length that
    /// stands at its end. NULs that follow do no harm.
    /// </summary>
    private static bool IsWhole(ReadOnlySpan<byte> body, int length)
    {
        while (body.Length >= sizeof(uint))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(body[^sizeof(uint)..]) == (uint)length)
                return true;
            if (body[^1] != 0)
                return false;
            body = body[..^1];
        }

        return false;
    }

    private static GZipStream Open(ReadOnlyMemory<byte> body)
    {
        if (!MemoryMarshal.TryGetArray(body, out ArraySegment<byte> segment))
            segment = body.ToArray();
        return new GZipStream(new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false), CompressionMode.Decompress);
    }
}
