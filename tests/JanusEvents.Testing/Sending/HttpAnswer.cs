using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.Testing;

/// <summary>Reads one HTTP/1.1 answer to its very end, as libcurl does before it calls a request done.</summary>
internal sealed class HttpAnswer(NetworkStream stream)
{
    private readonly TaskCompletionSource _continue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Completes when the server has said <c>100 Continue</c>.</summary>
    public Task Continue => _continue.Task;

    /// <summary>The status of the final answer.</summary>
    /// <exception cref="IOException">The connection ended before the answer was complete.</exception>
    public async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var statusLine = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (!statusLine.StartsWith("HTTP/1.", StringComparison.Ordinal) || statusLine.Length < 12)
                throw new IOException($"not an HTTP answer: {statusLine}");
            var status = int.Parse(statusLine.AsSpan(9, 3), CultureInfo.InvariantCulture);
            var headers = await ReadHeadersAsync(cancellationToken).ConfigureAwait(false);
            if (status == 100)
                _continue.TrySetResult();
            if (status < 200)
                continue;
            if (status is not (204 or 304))
                await SkipBodyAsync(headers, cancellationToken).ConfigureAwait(false);
            return status;
        }
    }

    private async Task<Dictionary<string, string>> ReadHeadersAsync(CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } line)
        {
            var parts = line.Split(':', 2);
            headers[parts[0]] = parts.Length > 1 ? parts[1].Trim() : "";
        }

        return headers;
    }

    private async Task SkipBodyAsync(Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (headers.TryGetValue("Transfer-Encoding", out var encoding)
            && encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            await SkipChunksAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (headers.TryGetValue("Content-Length", out var length))
        {
            await SkipAsync(long.Parse(length, CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            while (await FillAsync(cancellationToken).ConfigureAwait(false))
                _start = _end;
        }
    }

    private async Task SkipChunksAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            var length = long.Parse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length == 0)
                break;
            await SkipAsync(length + "\r\n".Length, cancellationToken).ConfigureAwait(false);
        }

        await ReadHeadersAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task SkipAsync(long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            if (_start == _end)
                await RequireAsync(cancellationToken).ConfigureAwait(false);
            var skipped = (int)Math.Min(length, _end - _start);
            _start += skipped;
            length -= skipped;
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
                await RequireAsync(cancellationToken).ConfigureAwait(false);
            var character = (char)_buffer[_start++];
            if (character == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(character);
        }
    }

    private async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            throw new IOException("the connection was closed before the answer was complete");
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
        return _end > 0;
    }
}
