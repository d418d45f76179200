using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.Benchmarks.Ingest.Load;

/// <summary>
/// Posts as Janus's HTTP event handler does, a new connection for each body, with the least work: blocking calls, one
/// write, one read. The load shares the machine with what it measures.
/// </summary>
internal sealed class PostSocket(Uri backend)
{
    private const int TimeoutMilliseconds = 15_000;
    private const int MaxRetransmissions = 5;
    private const int FirstPauseMilliseconds = 100;

    private readonly IPEndPoint _backend = new(IPAddress.Loopback, backend.Port);
    private readonly byte[] _answer = new byte[4096];

    /// <summary>The whole request that carries a body.</summary>
    public static byte[] Request(Uri backend, byte[] body)
    {
        string head =
            $"POST {backend.PathAndQuery} HTTP/1.1\r\nHost: {backend.Authority}\r\nAccept: */*\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        byte[] request = GC.AllocateUninitializedArray<byte>(head.Length + body.Length);
        Encoding.ASCII.GetBytes(head, request);
        body.CopyTo(request.AsSpan(head.Length));
        return request;
    }

    /// <summary>How often a request was sent again, since the host broke the connection off.</summary>
    public int Retransmissions { get; private set; }

    /// <summary>Sends a request and waits for its answer; sends it again as Janus does when there is none.</summary>
    /// <exception cref="IOException">The answer is not 200.</exception>
    /// <exception cref="SocketException">There was no answer in the end.</exception>
    public void Send(byte[] request)
    {
        for (int again = 0; ; again++)
        {
            try
            {
                SendOnce(request);
                return;
            }
            catch (SocketException) when (again < MaxRetransmissions)
            {
                Retransmissions++;
                Thread.Sleep(FirstPauseMilliseconds << again);
            }
        }
    }

    private void SendOnce(byte[] request)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = TimeoutMilliseconds,
            SendTimeout = TimeoutMilliseconds,
        };
        socket.Connect(_backend);
        for (int sent = 0; sent < request.Length;)
            sent += socket.Send(request.AsSpan(sent));

        int length = 0;
        while (!_answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int received = socket.Receive(_answer.AsSpan(length));
            length += received;
            if (length == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            if (received == 0 || length == _answer.Length)
                throw new IOException($"The host did not answer as it should: \"{Encoding.ASCII.GetString(_answer, 0, length)}\"");
        }

        if (!_answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
            throw new IOException($"The host answered \"{Encoding.ASCII.GetString(_answer, 0, length)}\"");
    }
}
