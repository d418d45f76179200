using System.Buffers;
using System.Runtime.InteropServices;
using JanusEvents.Delivery;

namespace JanusEvents.AspNetCore.Content;

/// <summary>
/// Decompresses a body, of one gzip member or of several (RFC 1952), in two passes: the first only counts, so that a bomb
/// costs no memory and the second knows the exact size to reserve and to take.
/// </summary>
internal static class GzipBody
{
    // Each member costs time of its own. Of bgzip's, which are small, these are 600 MB.
    private const int MaxMembers = 10_000;

    /// <summary>Whether a body is gzip. No JSON begins like that, so the bytes decide, whatever the headers are.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> body) => GzipMember.BeginsIn(body);

    /// <summary>Decompresses a body.</summary>
    /// <returns>The decompressed body, or null when it is larger than the limit.</returns>
    /// <exception cref="InvalidDataException">It is broken or cut, or something else than NULs follows its last member.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> InflateAsync(
        ReadOnlyMemory<byte> body,
        int limit,
        ByteReservation memory,
        CancellationToken cancellationToken)
    {
        if (!MemoryMarshal.TryGetArray(body, out ArraySegment<byte> compressed))
            compressed = body.ToArray();
        if (Measure(compressed, limit, cancellationToken) is not { } members)
            return null;

        int length = members.Sum(member => member.Length);
        await memory.AddAsync(length, cancellationToken).ConfigureAwait(false);
        byte[] inflated = GC.AllocateUninitializedArray<byte>(length);
        int filled = 0;
        foreach (GzipMember member in members)
        {
            member.CopyTo(inflated.AsSpan(filled, member.Length));
            filled += member.Length;
        }

        return inflated;
    }

    /// <summary>Finds the members.</summary>
    /// <returns>Null when they are larger than the limit.</returns>
    private static List<GzipMember>? Measure(ArraySegment<byte> body, int limit, CancellationToken cancellationToken)
    {
        List<GzipMember> members = [];
        byte[] scratch = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int left = limit;
            do
            {
                if (members.Count == MaxMembers)
                    throw new InvalidDataException("The gzip stream has too many members.");
                if (GzipMember.Measure(body, left, scratch, cancellationToken) is not { } member)
                    return null;

                members.Add(member);
                left -= member.Length;
                body = member.Rest;
            }
            while (body.AsSpan().ContainsAnyExcept((byte)0));

            return members;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
