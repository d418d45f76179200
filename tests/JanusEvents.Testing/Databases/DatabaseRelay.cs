using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.Testing;

/// <summary>
/// Stands between a driver and a database server, and does something at the moment when a statement is about to reach the server.
/// </summary>
public sealed class DatabaseRelay : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private byte[]? _awaited;
    private Func<Task>? _action;
    private bool _cuts;
    private TaskCompletionSource _done = new();

    /// <summary>Starts a relay.</summary>
    /// <param name="server">The server.</param>
    public DatabaseRelay(DatabaseServer server)
    {
        _serverPort = server.Port;

        // Small, so that what a server does not take is soon not taken from the driver either.
        _listener.Server.ReceiveBufferSize = BufferSize;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The connection string of a database, by way of the relay.</summary>
    public string ConnectionString(MariaDbDatabase database) => database.ConnectionString.Replace(
        $"Port={_serverPort}", $"Port={((IPEndPoint)_listener.LocalEndpoint).Port}", StringComparison.Ordinal);

    /// <summary>Does something once, before the next packet with a text reaches the server.</summary>
    /// <param name="text">The text, ASCII.</param>
    /// <param name="action">What to do.</param>
    /// <returns>Ends when it is done.</returns>
    public Task Before(string text, Func<Task> action) => Arm(text, action, cuts: false);

    /// <summary>
    /// Cuts the connection once, so that the next packet with a text never reaches the server: first on the server's side, which
    /// rolls back, and after the action on the driver's side.
    /// </summary>
    /// <param name="text">The text, ASCII.</param>
    /// <param name="meanwhile">What to do before the driver knows.</param>
    /// <returns>Ends when it is done.</returns>
    public Task CutBefore(string text, Func<Task> meanwhile) => Arm(text, meanwhile, cuts: true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private Task Arm(string text, Func<Task> action, bool cuts)
    {
        lock (_gate)
        {
            (_awaited, _action, _cuts) = (Encoding.ASCII.GetBytes(text), action, cuts);
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _done.Task;
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false);
            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using TcpClient server = new();
        using (client)
        {
            try
            {
                server.SendBufferSize = BufferSize;
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token).ConfigureAwait(false);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(ForwardAsync(client, server), CopyAsync(server, client)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One of the two is gone.
            }
        }
    }

    private async Task ForwardAsync(TcpClient client, TcpClient server)
    {
        var buffer = new byte[BufferSize];
        while (await client.GetStream().ReadAsync(buffer, _stop.Token).ConfigureAwait(false) is > 0 and var count)
        {
            if (Take(buffer.AsSpan(0, count)) is var (action, cuts))
            {
                if (cuts)
                    server.Close();
                await action().ConfigureAwait(false);
                _done.TrySetResult();
                if (cuts)
                    return;
            }

            await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(TcpClient server, TcpClient client)
    {
        try
        {
            await server.GetStream().CopyToAsync(client.GetStream(), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Whether it was cut on purpose is for the other direction to say.
            await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(false);
        }
    }

    private (Func<Task> Action, bool Cuts)? Take(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_awaited is null || packet.IndexOf(_awaited) < 0)
                return null;
            _awaited = null;
            return (_action!, _cuts);
        }
    }
}
