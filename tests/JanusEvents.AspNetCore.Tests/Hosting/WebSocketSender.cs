using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>A client that sends by a WebSocket as Janus's event handler does.</summary>
internal sealed class WebSocketSender : IDisposable
{
    public const string Path = "/janus/events/ws";
    public const string SubProtocol = "janus-event-handlers";
    private static readonly TimeSpan s_limit = Wait.Limit;

    private WebSocketSender(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<WebSocketSender> ConnectAsync(
        EndpointHost host, string? subProtocol = SubProtocol, string path = Path, Action<ClientWebSocketOptions>? configure = null)
    {
        ClientWebSocket socket = new();
        if (subProtocol is not null)
            socket.Options.AddSubProtocol(subProtocol);
        configure?.Invoke(socket.Options);
        try
        {
            using CancellationTokenSource limit = new(s_limit);
            await socket.ConnectAsync(new UriBuilder(new Uri(host.Address, path)) { Scheme = "ws" }.Uri, limit.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new WebSocketSender(socket);
    }

    /// <summary>A group of events of one session each, with the numbers as session ids.</summary>
    public static string Group(params IEnumerable<long> numbers) => "[" + string.Join(',', numbers.Select(number => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"emitter":"a-janus","type":1,"timestamp":{{{1795323726312012 + number}}},"session_id":{{{number}}},"event":{"name":"created"}}"""))) + "]";

    public Task SendAsync(string message) => SendAsync(Encoding.UTF8.GetBytes(message));

    public Task SendAsync(byte[] message, WebSocketMessageType type = WebSocketMessageType.Text, bool end = true) =>
        Socket.SendAsync(message, type, end, CancellationToken.None);

    /// <summary>Waits for the close of the other side, answers it, and returns its status.</summary>
    public async Task<WebSocketCloseStatus?> UntilClosedAsync()
    {
        using CancellationTokenSource limit = new(s_limit);
        WebSocketReceiveResult received = await Socket.ReceiveAsync(new byte[100], limit.Token);
        received.MessageType.Should().Be(WebSocketMessageType.Close);
        await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return received.CloseStatus;
    }

    public void Dispose() => Socket.Dispose();
}
