using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Settings;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>
/// The one connection of a receiver, a buffer or a writer. A caller gets an open connection, or an exception; the client's own
/// recovery is off, since it loses unconfirmed messages. The nodes of a cluster are tried in random order, the last one at the end.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    // RabbitMQ's greatest max_message_size. The client closes the connection at a larger message, so that it must not have a lower limit.
    private const uint MaxInboundBytes = 512 << 20;

    private static readonly TimeSpan s_timeToConnect = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_timeToAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_timeToClose = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(10);

    private readonly ConnectionFactory _factory;
    private readonly BrokerAddress _address;
    private readonly BrokerState _state;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MinuteCount _failures;
    private readonly SemaphoreSlim _opening = new(1);
    private IConnection? _current;
    private (string Host, int Port) _last;
    private volatile bool _closed;

    public BrokerConnection(RabbitMqConnectionOptions options, BrokerState state, TimeProvider time, ILogger logger)
    {
        _address = BrokerAddress.TryParse(options.Uri, out BrokerAddress? address) ? address : throw new ArgumentException("The address of the broker is invalid.", nameof(options));
        _state = state;
        _time = time;
        _logger = logger;
        _failures = new MinuteCount(time);
        _factory = new ConnectionFactory
        {
            Uri = address.First,
            RequestedHeartbeat = s_heartbeat,
            RequestedConnectionTimeout = s_timeToConnect,
            ContinuationTimeout = s_timeToAnswer,
            HandshakeContinuationTimeout = s_timeToAnswer,
            ClientProvidedName = $"JanusEvents {state.Role} on {Environment.MachineName}",
        };

        // With an amqps address, the client would accept a certificate of any other host, too.
        _factory.Ssl.AcceptablePolicyErrors = System.Net.Security.SslPolicyErrors.None;
        options.ConfigureConnection?.Invoke(_factory);
        _factory.AutomaticRecoveryEnabled = false;
        _factory.TopologyRecoveryEnabled = false;
    }

    /// <summary>Gets the open connection, or opens one.</summary>
    /// <exception cref="BrokerException">No node can be reached.</exception>
    public async ValueTask<IConnection> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is { IsOpen: true } open)
            return open;

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_current is { IsOpen: true } meanwhile)
                return meanwhile;

            _current = await OpenAsync(cancellationToken).ConfigureAwait(false);
            return _current;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Closes a connection that does not do what it should, so that the next one goes to another node.</summary>
    public async ValueTask DropAsync(IConnection connection, string cause)
    {
        if (Interlocked.CompareExchange(ref _current, null, connection) != connection)
            return;

        _state.Disconnected(cause);
        await CloseAsync(connection).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        if (Interlocked.Exchange(ref _current, null) is { } connection)
            await CloseAsync(connection).ConfigureAwait(false);
    }

    private async Task<IConnection> OpenAsync(CancellationToken cancellationToken)
    {
        IConnection connection;
        try
        {
            connection = await _factory.CreateConnectionAsync(new InThisOrder([.. Endpoints()]), _factory.ClientProvidedName, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            string cause = Outage.CauseOf(e);
            _state.Disconnected(cause);
            if (_failures.Add(1, out long _))
                RabbitMqLog.NotConnected(_logger, _state.Role, cause);
            RabbitMqLog.FailedWith(_logger, e, _state.Role);
            throw new BrokerException($"No node of the broker can be reached: {cause}", e);
        }

        _last = (connection.Endpoint.HostName, connection.Endpoint.Port);
        connection.ConnectionShutdownAsync += (_, end) =>
        {
            if (_current == connection && !_closed)
            {
                _state.Disconnected(end.ReplyText);
                if (_failures.Add(1, out long _))
                    RabbitMqLog.NotConnected(_logger, _state.Role, end.ReplyText);
            }

            return Task.CompletedTask;
        };
        connection.ConnectionBlockedAsync += (_, blocked) =>
        {
            _state.Blocked(blocked.Reason);
            RabbitMqLog.Blocked(_logger, _state.Role, blocked.Reason);
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            _state.Unblocked();
            RabbitMqLog.Unblocked(_logger, _state.Role);
            return Task.CompletedTask;
        };
        string node = $"{_last.Host}:{_last.Port}";
        _state.Connected(node);
        RabbitMqLog.Connected(_logger, _state.Role, node);
        return connection;
    }

    private IEnumerable<AmqpTcpEndpoint> Endpoints()
    {
        (string Host, int Port)[] nodes = [.. _address.Nodes];
        Random.Shared.Shuffle(nodes);
        return nodes.OrderBy(node => node == _last).Select(node => new AmqpTcpEndpoint(node.Host, node.Port, SslOf(node.Host), MaxInboundBytes));
    }

    /// <summary>The settings of TLS for a node: its certificate must have the node's name, unless the host named another.</summary>
    private SslOption SslOf(string host)
    {
        SslOption ssl = _factory.Ssl;
        return new SslOption
        {
            Enabled = ssl.Enabled,
            ServerName = string.IsNullOrEmpty(ssl.ServerName) || ssl.ServerName == _address.First.Host ? host : ssl.ServerName,
            Version = ssl.Version,
            AcceptablePolicyErrors = ssl.AcceptablePolicyErrors,
            CertificateSelectionCallback = ssl.CertificateSelectionCallback,
            CertificateValidationCallback = ssl.CertificateValidationCallback,
            Certs = ssl.Certs,
            CertPath = ssl.CertPath,
            CertPassphrase = ssl.CertPassphrase,
            CheckCertificateRevocation = ssl.CheckCertificateRevocation,
            ClientCertificateContext = ssl.ClientCertificateContext,
        };
    }

    private async Task CloseAsync(IConnection connection)
    {
        // A node that hangs does not answer; its connection is left to the client then.
        await connection.CloseAsync(Constants.ReplySuccess, "closed by JanusEvents", s_timeToClose, abort: true, CancellationToken.None)
            .WaitAsync(s_timeToClose * 2, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connection.IsOpen)
            await connection.DisposeAsync().AsTask().WaitAsync(s_timeToClose, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed class InThisOrder(IReadOnlyList<AmqpTcpEndpoint> endpoints) : IEndpointResolver
    {
        public IEnumerable<AmqpTcpEndpoint> All() => endpoints;
    }
}
