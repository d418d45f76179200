using System.Buffers;
using JanusEvents.Delivery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace JanusEvents.AspNetCore.Content;

/// <summary>
/// Reads the body of a request into an array of its own, to which its events refer indefinitely, and reserves the bytes before
/// it takes them. A request holds as much as has arrived of its body, whatever length it announces: that is
/// the length of what the sender sent, and a middleware may have put another body in its place.
/// </summary>
internal static class BodyReader
{
    // Most bodies fit into the first step; larger ones are copied once or twice.
    private const int FirstStep = 16 * 1024;
    private const int Growth = 4;

    // The bytes that are read before anything is reserved.
    private const int Ahead = 4 * 1024;

    /// <summary>Reads a body as the host's pipeline left it, compressed or not.</summary>
    /// <returns>The body, or null when it is larger than the limit.</returns>
    /// <exception cref="IOException">The body is cut short, or somebody read it before.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        HttpRequest request,
        int limit,
        ByteReservation memory,
        CancellationToken cancellationToken)
    {
        long? announced = request.ContentLength;
        if (announced > limit)
            return null;

        // Read by a middleware that buffers (EnableBuffering), and not rewound.
        Stream body = request.Body;
        if (body.CanSeek && body.Position != 0)
            body.Position = 0;

        // Not returned when a read fails, which may still be writing into it.
        byte[] ahead = ArrayPool<byte>.Shared.Rent(Ahead);
        byte[] buffer = [];
        int length = 0;
        while (true)
        {
            // A sender that falls silent makes nothing grow: the next step is taken when there is something for it. An empty
            // read would wait as well, but streams of middleware may take its 0 for the end.
            bool isFull = length == buffer.Length;
            int read = await body.ReadAsync(isFull ? ahead.AsMemory(0, Ahead) : buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            if (read > limit - length)
                return null;

            if (isFull)
            {
                int capacity = Capacity(length, length + read, announced, limit);
                buffer = await ResizeAsync(buffer, length, capacity, memory, cancellationToken).ConfigureAwait(false);
                ahead.AsSpan(0, read).CopyTo(buffer.AsSpan(length));
            }

            length += read;
        }

        ArrayPool<byte>.Shared.Return(ahead);
        if (length == 0 && WasSent(request))
        {
            throw new EndOfStreamException(
                "a middleware has read it already; let it call EnableBuffering() first, or map the endpoint where it does not run");
        }

        // The events keep the whole array alive.
        if (length < buffer.Length)
            buffer = await ResizeAsync(buffer, length, length, memory, cancellationToken).ConfigureAwait(false);
        return buffer;
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

    /// <summary>The next step: no more than was announced, as long as no more has come.</summary>
    private static int Capacity(int length, int needed, long? announced, int limit)
    {
        long step = Math.Max(FirstStep, (long)Growth * length);
        long most = needed <= announced ? announced.Value : limit;
        return (int)Math.Max(needed, Math.Min(step, most));
    }

    /// <summary>Whether the sender sent a body, by its length or, without one, by the form of the request.</summary>
    private static bool WasSent(HttpRequest request) => request.ContentLength is { } length
        ? length > 0
        : request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true;
}
