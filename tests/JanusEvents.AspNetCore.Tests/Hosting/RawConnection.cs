using System.Net.Sockets;
using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>A TCP connection on which every byte is said and heard.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan s_limit = Wait.Limit;
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        return new RawConnection(client);
    }

    public static string Head(string headers) =>
        $"POST /janus/events HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n";

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Reads until something fits, and returns what came.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        using CancellationTokenSource limit = new(s_limit);
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            int read = await _stream.ReadAsync(buffer, limit.Token);
            if (read == 0)
                break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Reads until the connection ends, in order or by a reset, and returns what came.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using CancellationTokenSource limit = new(s_limit);
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, limit.Token) is > 0 and int read)
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }

        return text.ToString();
    }

    /// <summary>Says that nothing more will come, and goes on listening.</summary>
    public void FinishSending() => _client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => _client.Dispose();

    /// <summary>Ends the connection at once, by a reset.</summary>
    public void Reset()
    {
        _client.Client.LingerState = new LingerOption(true, 0);
        _client.Dispose();
    }
}
