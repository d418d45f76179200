using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using JanusEvents.Testing;

namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>The receiving end of a WebSocket on which fragments arrive as a test says.</summary>
internal sealed class FragmentSocket : WebSocket
{
    private readonly Channel<Fragment> _fragments = Channel.CreateUnbounded<Fragment>();
    private Fragment? _current;
    private int _waits;

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => WebSocketState.Open;

    public override string? SubProtocol => null;

    /// <summary>How many waits were ended by their limit.</summary>
    public int LimitedWaits { get; private set; }

    /// <summary>A fragment arrives.</summary>
    public FragmentSocket Arrive(string text, bool end = true) => Add(new Fragment(Encoding.UTF8.GetBytes(text), end));

    /// <summary>The sender closes the connection.</summary>
    public FragmentSocket Close() => Add(new Fragment([], true, WebSocketMessageType.Close));

    /// <summary>The connection is lost.</summary>
    public FragmentSocket Lose() => Add(new Fragment([], true) { IsLoss = true });

    /// <summary>Returns when somebody waits for a fragment.</summary>
    public Task WaitedForAsync() => Wait.UntilAsync(() => Volatile.Read(ref _waits) > 0, Wait.Limit, "somebody to wait for a fragment");

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_current is null)
        {
            Interlocked.Increment(ref _waits);
            try
            {
                _current = await _fragments.Reader.ReadAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                LimitedWaits++;
                throw;
            }

            Interlocked.Decrement(ref _waits);
        }

        Fragment fragment = _current;
        if (fragment.IsLoss)
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);

        int count = Math.Min(buffer.Length, fragment.Bytes.Length);
        fragment.Bytes.AsSpan(0, count).CopyTo(buffer.Span);

        // As the framework's: asked with no room, it says that something has begun and keeps it.
        bool isRead = count == fragment.Bytes.Length;
        _current = isRead ? null : fragment with { Bytes = fragment.Bytes[count..] };
        return new ValueWebSocketReceiveResult(count, fragment.Type, isRead && fragment.End);
    }

    public override void Abort()
    {
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override void Dispose()
    {
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private FragmentSocket Add(Fragment fragment)
    {
        _fragments.Writer.TryWrite(fragment);
        return this;
    }

    private sealed record Fragment(byte[] Bytes, bool End, WebSocketMessageType Type = WebSocketMessageType.Text)
    {
        public bool IsLoss { get; init; }
    }
}
