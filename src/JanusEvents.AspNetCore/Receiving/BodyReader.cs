using JanusEvents.Delivery;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.Receiving;

/// <summary>
/// Reads the body of a request into an array of its own, to which its events refer indefinitely, and reserves the bytes before
/// it takes them. What a request holds depends on what has come of its body, and not on the length that it announces.
/// </summary>
internal static class BodyReader
{
    // Most bodies fit into the first step; larger ones are copied once or twice.
    private const int FirstStep = 16 * 1024;
    private const int Growth = 4;

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
        long most = (announced ?? limit) + 1;
        byte[] buffer = [];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                // An empty buffer waits until there is something to read, or the end: a sender that falls silent makes nothing grow.
                await request.Body.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
                int capacity = (int)Math.Min(Math.Max(FirstStep, (long)Growth * length), most);
                buffer = await ResizeAsync(buffer, length, capacity, memory, cancellationToken).ConfigureAwait(false);
            }

            int read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;

            length += read;
            if (length > limit)
                return null;
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
