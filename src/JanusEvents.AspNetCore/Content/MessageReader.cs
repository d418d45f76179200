using System.Net.WebSockets;
using JanusEvents.Delivery;

namespace JanusEvents.AspNetCore.Content;

/// <summary>
/// Reads the messages of a WebSocket, whatever fragments they come in, each into an array of its own, to which its events
/// refer permanently; the bytes are reserved before they are taken. It begins to read a message only when asked for one, and
/// holds nothing while it waits for it.
/// </summary>
internal sealed class MessageReader : IDisposable
{
    private const int FirstStep = 16 * 1024;

    // A sender that died inside a message must not hold memory indefinitely.
    private static readonly TimeSpan s_longestPauseInMessage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestPauseBeforeEnd = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly int _limit;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenRegistration _abandoned;
    private bool _receiving;
    private bool _endIsNear;

    /// <summary>Reads from a socket.</summary>
    /// <param name="socket">The socket. It is aborted where a wait for it is given up.</param>
    /// <param name="limit">How many bytes of a message are kept.</param>
    /// <param name="time">Measures silence.</param>
    /// <param name="giveUp">Ends every wait.</param>
    public MessageReader(WebSocket socket, int limit, TimeProvider time, CancellationToken giveUp)
    {
        _socket = socket;
        _limit = limit;
        _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _abandoned = giveUp.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _silence);
    }

    /// <summary>Why there are no more messages, once there are none.</summary>
    public string? End { get; private set; }

    /// <summary>Reads the next message.</summary>
    /// <returns>The message, or null when there is none any more. One that was cut has at least a byte.</returns>
    public async ValueTask<ReceivedMessage?> ReadAsync(ByteReservation memory)
    {
        if (End is not null)
            return null;

        byte[] buffer = [];
        int length = 0;
        string cut;
        try
        {
            ValueWebSocketReceiveResult begun = await ReceiveAsync(buffer, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
            if (begun.MessageType == WebSocketMessageType.Close)
            {
                End = "it was closed";
                return null;
            }

            if (begun.EndOfMessage)
                return new ReceivedMessage(buffer, Cut: null);

            while (true)
            {
                if (length == buffer.Length)
                {
                    int capacity = (int)Math.Min(Math.Max(FirstStep, 2L * length), _limit);
                    buffer = await BodyReader.ResizeAsync(buffer, length, capacity, memory, _silence.Token).ConfigureAwait(false);
                }

                ValueWebSocketReceiveResult received = await ReceiveAsync(buffer.AsMemory(length), s_longestPauseInMessage).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    cut = End = "it was closed inside a message";
                    break;
                }

                length += received.Count;
                if (received.EndOfMessage)
                {
                    if (length < buffer.Length)
                        buffer = await BodyReader.ResizeAsync(buffer, length, length, memory, _silence.Token).ConfigureAwait(false);
                    return new ReceivedMessage(buffer.AsMemory(0, length), Cut: null);
                }

                if (length == _limit && await PassOverRestAsync().ConfigureAwait(false) is > 0 and long rest)
                    return new ReceivedMessage(buffer, $"it has {length + rest} bytes, and the limit of this endpoint is {_limit}");
                if (length == _limit)
                    return new ReceivedMessage(buffer, Cut: null);
            }
        }
        catch (WebSocketException e)
        {
            cut = End = e.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely ? "it was lost" : e.Message;
        }
        catch (OperationCanceledException)
        {
            cut = End = "it was aborted";
        }

        return length == 0 ? null : new ReceivedMessage(buffer.AsMemory(0, length), $"the connection ended: {cut}");
    }

    /// <summary>Records that the sender was asked to end: what it sends until then is read, but it is not waited for long.</summary>
    public void ExpectEnd()
    {
        lock (_gate)
        {
            _endIsNear = true;
            if (_receiving)
                _silence.CancelAfter(s_longestPauseBeforeEnd);
        }
    }

    public void Dispose()
    {
        _abandoned.Dispose();
        _silence.Dispose();
    }

    /// <summary>Passes over the rest of a message.</summary>
    /// <returns>How many bytes it had.</returns>
    private async ValueTask<long> PassOverRestAsync()
    {
        byte[] nowhere = new byte[4096];
        long length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received = await ReceiveAsync(nowhere, s_longestPauseInMessage).ConfigureAwait(false);
            length += received.Count;
            if (received.EndOfMessage || received.MessageType == WebSocketMessageType.Close)
                return length;
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, TimeSpan longestPause)
    {
        lock (_gate)
        {
            _receiving = true;
            _silence.CancelAfter(_endIsNear ? s_longestPauseBeforeEnd : longestPause);
        }

        try
        {
            return await _socket.ReceiveAsync(buffer, _silence.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _receiving = false;
                _silence.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }
}

/// <summary>A message that came by a WebSocket.</summary>
/// <param name="Bytes">The part of it that is kept.</param>
/// <param name="Cut">Why that is not all of it; null when it is.</param>
internal sealed record ReceivedMessage(ReadOnlyMemory<byte> Bytes, string? Cut);
