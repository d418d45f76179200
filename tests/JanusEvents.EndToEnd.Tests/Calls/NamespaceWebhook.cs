using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests.Calls;

/// <summary>Receives webhooks inside a network namespace.</summary>
internal sealed class NamespaceWebhook : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private readonly ConcurrentQueue<ReceivedHook> _received = [];

    private NamespaceWebhook(TcpListener listener)
    {
        _listener = listener;
        _serving = ServeAsync();
    }

    /// <summary>What came so far.</summary>
    public IReadOnlyList<ReceivedHook> Received => [.. _received];

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook");

    public static NamespaceWebhook Start(NetworkNamespace inside) => new(inside.Listen());

    public async ValueTask DisposeAsync()
    {
        // The listener last: one that is stopped between two connections takes the next call as misuse.
        await _end.CancelAsync();
        await _serving;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await ReceiveAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test ends.
        }
    }

    private async Task ReceiveAsync(TcpClient client)
    {
        var stream = client.GetStream();
        List<byte> head = [];
        var one = new byte[1];
        while (!EndsHead(head))
        {
            await stream.ReadExactlyAsync(one, _end.Token);
            head.Add(one[0]);
        }

        var headers = Encoding.ASCII.GetString([.. head]).Split("\r\n").Skip(1).Where(line => line.Contains(':', StringComparison.Ordinal))
            .ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _end.Token);
        _received.Enqueue(new ReceivedHook(DateTimeOffset.UtcNow, headers, body));
        await stream.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
    }

    private static bool EndsHead(List<byte> head) => head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';
}

/// <summary>A webhook as it came.</summary>
/// <param name="At">When.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record ReceivedHook(DateTimeOffset At, IReadOnlyDictionary<string, string> Headers, byte[] Body);
