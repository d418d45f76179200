using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.Testing;

/// <summary>
/// A backend for event handlers that keeps what it is sent and ends each request as it is told, by the bytes of HTTP/1.1,
/// so that nothing of a web server gets in the way.
/// </summary>
public sealed class RecordingBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<RecordedRequest, BackendAnswer> _answer;
    private readonly List<RecordedRequest> _requests = [];
    private readonly List<Task> _connections = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;

    private RecordingBackend(Func<RecordedRequest, BackendAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/events");
        _accepting = AcceptAsync();
    }

    /// <summary>Where to send events to.</summary>
    public Uri Url { get; }

    /// <summary>Whether a request with <c>Expect: 100-continue</c> is told to go on.</summary>
    public bool SaysContinue { get; init; } = true;

    /// <summary>The requests read so far.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>Starts a backend that answers 200.</summary>
    public static RecordingBackend Start() => Start(_ => BackendAnswer.Status(200));

    /// <summary>Starts a backend that ends each request as <paramref name="answer"/> says.</summary>
    public static RecordingBackend Start(Func<RecordedRequest, BackendAnswer> answer, bool saysContinue = true) =>
        new(answer) { SaysContinue = saysContinue };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The listener last: one that is disposed of between two connections takes the next call as misuse.
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        Task[] connections;
        lock (_gate)
            connections = [.. _connections];
        await Task.WhenAll(connections).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (var connection = 1; ; connection++)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token).ConfigureAwait(false);
                lock (_gate)
                    _connections.Add(ServeAsync(client, connection));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client, int connection)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                while (await ReadAsync(stream, connection).ConfigureAwait(false) is { } request
                    && await EndAsync(client, stream, _answer(request)).ConfigureAwait(false))
                {
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
        }
    }

    private async Task<RecordedRequest?> ReadAsync(NetworkStream stream, int connection)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stopping.Token).ConfigureAwait(false) == 0)
                return null;
            head.Append((char)one[0]);
        }

        var headers = head.ToString(0, head.Length - 2);
        var length = headers.Split("\r\n")
            .Where(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(h => int.Parse(h.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture))
            .FirstOrDefault();
        if (SaysContinue && headers.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stopping.Token).ConfigureAwait(false);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stopping.Token).ConfigureAwait(false);
        lock (_gate)
        {
            var request = new RecordedRequest(_requests.Count + 1, connection, headers, body);
            _requests.Add(request);
            return request;
        }
    }

    // True when the connection may carry another request.
    private async Task<bool> EndAsync(TcpClient client, NetworkStream stream, BackendAnswer answer)
    {
        switch (answer.Kind)
        {
            case BackendAnswerKind.Reset:
                client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
                return false;
            case BackendAnswerKind.Close:
                return false;
            case BackendAnswerKind.Cut:
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), _stopping.Token)
                    .ConfigureAwait(false);
                return false;
            case BackendAnswerKind.Silence:
                await stream.ReadExactlyAsync(new byte[1], _stopping.Token).ConfigureAwait(false);
                return false;
            default:
                var text = $"HTTP/1.1 {answer.StatusCode} Said\r\nContent-Length: 0\r\n\r\n";
                await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stopping.Token).ConfigureAwait(false);
                return true;
        }
    }
}
