using JanusEvents.Delivery;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.Receiving;

/// <summary>
/// Reads the body of a request into an array of its own, to which its events refer for ever, and reserves the bytes
/// before it takes them.
/// </summary>
internal static class BodyReader
{
    // For a body that does not announce its length; Janus's always do.
    private const int FirstStep = 16 * 1024;

    /// <summary>Reads a body as it was sent, compressed or not.</summary>
    /// <returns>The body, or null when it is larger than the limit.</returns>
    /// <exception cref="IOException">The body is cut short.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        HttpRequest request,
        int limit,
        ByteReservation memory,
        CancellationToken cancellationToken)
    {
        long? announced = request.ContentLength;
        if (announced > limit)
            return null;

        // One byte more than announced, so that the end shows without another buffer.
        int capacity = announced is null ? Math.Min(FirstStep, limit + 1) : (int)announced + 1;
        await memory.AddAsync(capacity, cancellationToken).ConfigureAwait(false);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(capacity);
        int length = 0;
        while (true)
        {
            int read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;

            length += read;
            if (length > limit)
                return null;
            if (length == buffer.Length)
                buffer = await ResizeAsync(buffer, length, (int)Math.Min(2L * length, limit + 1L), memory, cancellationToken).ConfigureAwait(false);
        }

        if (length < announced)
            throw new EndOfStreamException($"The body ended after {length} of {announced} bytes.");

        // The events keep the whole array alive.
        if (announced is null && length > 0)
            buffer = await ResizeAsync(buffer, length, length, memory, cancellationToken).ConfigureAwait(false);
        return buffer.AsMemory(0, length);
    }

    /// <summary>Moves what was read into another array, which is reserved first; the reservation of the old one is given back.</summary>
    public static async ValueTask<byte[]> ResizeAsync(
        byte[] buffer,
        int length,
        int capacity,
        ByteReservation memory,
        CancellationToken cancellationToken)
    {
        await memory.AddAsync(capacity, cancellationToken).ConfigureAwait(false);
        byte[] resized = GC.AllocateUninitializedArray<byte>(capacity);
        buffer.AsSpan(0, length).CopyTo(resized);
        memory.Release(buffer.Length);
        return resized;
    }
}
