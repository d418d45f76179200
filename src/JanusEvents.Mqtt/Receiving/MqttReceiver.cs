using JanusEvents.Delivery;
using JanusEvents.Mqtt.Connections;
using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MQTTnet;

namespace JanusEvents.Mqtt.Receiving;

/// <summary>
/// Receives messages for as long as the host runs, on one connection after the other. The host's delivery opens before this starts and
/// ends after it has stopped.
/// </summary>
internal sealed class MqttReceiver(
    IOptions<MqttReceiverOptions> receiverOptions,
    IOptions<JanusEventsOptions> options,
    MessageReception reception,
    MqttState state,
    TimeProvider time,
    ContainedLogger<MqttReceiver> logger) : IHostedService, IDisposable
{
    // Messages that are not stored by then are in the broker.
    private static readonly TimeSpan s_timeToStore = TimeSpan.FromSeconds(5);

    // A connection that ends sooner is not worth trying again at once: two clients of one id would take it from each other.
    private static readonly TimeSpan s_lasting = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly MinuteCount _failures = new(time);
    private bool _wasConnected;
    private int _disposed;
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        MqttReceiverOptions receiver = receiverOptions.Value;
        MqttClientOptions settings = ClientSettings.Of(receiver);
        _running = Task.Run(() => RunAsync(receiver, settings), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        using CancellationTokenRegistration impatient = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _abandon);
        _abandon.CancelAfter(s_timeToStore);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        // The container disposes of it for each service that it is.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;

        _stop.Cancel();
        _abandon.Cancel();
        _stop.Dispose();
        _abandon.Dispose();
    }

    private async Task RunAsync(MqttReceiverOptions receiver, MqttClientOptions settings)
    {
        CancellationToken stop = _stop.Token;
        CancellationToken abandon = _abandon.Token;
        Backoff backoff = new(options.Value, time);
        while (!stop.IsCancellationRequested)
        {
            string? cause;
            long began = time.GetTimestamp();
            try
            {
                cause = await ReceiveAsync(receiver, settings, stop, abandon).ConfigureAwait(false);
                if (cause is null)
                    return;
            }
#pragma warning disable CA1031 // Whatever it is, the messages are in the broker, and the next connection gets them.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (stop.IsCancellationRequested)
                    return;
                cause = Outage.CauseOf(e);
                MqttLog.FailedWith(logger, e);
            }

            state.Disconnected(cause);
            if (_failures.Add(1, out _))
                MqttLog.NotConnected(logger, cause);
            if (time.GetElapsedTime(began) > s_lasting)
                backoff.Reset();
            await backoff.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Receives on one connection until it ends.</summary>
    /// <returns>What ended it; null when the host ends.</returns>
    private async Task<string?> ReceiveAsync(MqttReceiverOptions receiver, MqttClientOptions settings, CancellationToken stop, CancellationToken abandon)
    {
        BrokerConnection connection = new(receiver, settings, reception, state, time);
        await using (connection.ConfigureAwait(false))
        {
            MqttClientConnectResult connected = await connection.ConnectAsync(stop).ConfigureAwait(false);
            Uri uri = new(receiver.Uri!);
            string node = uri.Port > 0 ? $"{uri.Host}:{uri.Port}" : uri.Host;
            state.Connected(node);
            MqttLog.Connected(logger, node, receiver.ClientId!);
            Check(connected, receiver);
            _wasConnected = true;
            return await connection.RunAsync(stop, abandon).ConfigureAwait(false);
        }
    }

    /// <summary>Reports what the broker does not keep.</summary>
    private void Check(MqttClientConnectResult connected, MqttReceiverOptions receiver)
    {
        if (!connected.IsSessionPresent && _wasConnected)
        {
            state.LoseSession();
            MqttLog.SessionLost(logger, receiver.ClientId!);
        }
        else if (!connected.IsSessionPresent)
        {
            MqttLog.NewSession(logger, receiver.ClientId!);
        }

        // A broker that grants what was asked says nothing, which the client makes a 0.
        if (connected.SessionExpiryInterval is > 0 and { } seconds && TimeSpan.FromSeconds(seconds) < receiver.SessionExpiry - TimeSpan.FromSeconds(1))
            MqttLog.ShorterSession(logger, receiver.ClientId!, TimeSpan.FromSeconds(seconds), receiver.SessionExpiry);
    }
}
