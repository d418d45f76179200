using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.Testing;

/// <summary>
/// Sends bodies byte for byte as Janus's HTTP event handler does: one at a time, each on a new TCP connection, any
/// complete answer is delivered, and a broken connection or ten seconds without an answer sends the same bytes again.
/// </summary>
public sealed class JanusSender(Uri backend, JanusSenderOptions? options = null)
{
    private readonly JanusSenderOptions _options = options ?? new JanusSenderOptions();

    /// <summary>Sends a captured body, with the headers that tell whether it is gzip.</summary>
    public Task<SentBody> SendAsync(CapturedBody body, CancellationToken cancellationToken = default) =>
        SendAsync(body.Bytes, cancellationToken);

    /// <summary>Sends a text in UTF-8.</summary>
    public Task<SentBody> SendAsync(string body, CancellationToken cancellationToken = default) =>
        SendAsync(Encoding.UTF8.GetBytes(body), cancellationToken);

    /// <summary>Sends a body until it is delivered or lost.</summary>
    public async Task<SentBody> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var failures = new List<string>();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var status = await AttemptAsync(body, cancellationToken).ConfigureAwait(false);
                return new SentBody(attempt, status, failures);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                failures.Add(e.Message);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add($"no answer in {_options.Timeout.TotalSeconds:0.###} s");
            }

            if (attempt > _options.MaxRetransmissions)
                return new SentBody(attempt, null, failures);
            await Task.Delay(_options.Backoff * Math.Pow(2, attempt - 1), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> AttemptAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(_options.Timeout);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(backend.Host, backend.Port, attempt.Token).ConfigureAwait(false);

        // Of a connection that was reset at once, GetStream() would make a misuse, where this makes an IOException.
        await using var stream = new NetworkStream(client.Client, ownsSocket: false);
        var answer = new HttpAnswer(stream);
        var answered = answer.ReadAsync(attempt.Token);
        var sent = SendAsync(stream, body, answer, attempt.Token);
        await Task.WhenAny(answered, sent).ConfigureAwait(false);
        try
        {
            // An answer to half a body ends the attempt; a failed send leaves it to the answer, which may have come before.
            return await answered.ConfigureAwait(false);
        }
        finally
        {
            await attempt.CancelAsync().ConfigureAwait(false);
            await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(
        NetworkStream stream, ReadOnlyMemory<byte> body, HttpAnswer answer, CancellationToken cancellationToken)
    {
        var head = Encoding.Latin1.GetBytes(Head(body));
        if (body.Length <= _options.ExpectAbove)
        {
            await stream.WriteAsync((byte[])[.. head, .. body.Span], cancellationToken).ConfigureAwait(false);
            return;
        }

        await stream.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        var patience = Task.Delay(_options.ContinueWait, cancellationToken);
        await Task.WhenAny(answer.Continue, patience).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
    }

    private string Head(ReadOnlyMemory<byte> body)
    {
        var isGzip = body.Span is [0x1f, 0x8b, ..];
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"POST {backend.PathAndQuery} HTTP/1.1\r\n")
            .Append(CultureInfo.InvariantCulture, $"Host: {backend.Authority}\r\n");
        if (_options.UserName is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_options.UserName}:{_options.Password}"));
            head.Append(CultureInfo.InvariantCulture, $"Authorization: Basic {credentials}\r\n");
        }

        head.Append("Accept: */*\r\n").Append(CultureInfo.InvariantCulture, $"Content-Type: {_options.ContentType}\r\n");
        if (isGzip && _options.ContentType != "application/gzip")
            head.Append("Content-Encoding: gzip\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        if (body.Length > _options.ExpectAbove)
            head.Append("Expect: 100-continue\r\n");
        return head.Append("\r\n").ToString();
    }
}
