using System.Threading.Channels;
using JanusEvents.Delivery;
using JanusEvents.Mqtt.Connections;
using MQTTnet;
using MQTTnet.Protocol;

namespace JanusEvents.Mqtt.Receiving;

/// <summary>
/// One connection to the broker. Messages are handed to the delivery in their order and acknowledged in their order once they are
/// stored; the broker delivers those again, on the next connection, that are not acknowledged.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_timeToClose = TimeSpan.FromSeconds(2);

    private readonly MqttReceiverOptions _options;
    private readonly MqttClientOptions _settings;
    private readonly MessageReception _reception;
    private readonly MqttState _state;
    private readonly TimeProvider _time;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    // Bounded by ReceiveMaximum: the broker sends no more that is to be acknowledged, and others are dropped.
    private readonly Channel<MqttApplicationMessageReceivedEventArgs> _arrived = Channel.CreateUnbounded<MqttApplicationMessageReceivedEventArgs>();

    private readonly Lock _gate = new();
    private readonly LinkedList<HeldMessage> _held = new();
    private readonly SemaphoreSlim _acknowledging = new(1);
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _taking = Task.CompletedTask;
    private volatile bool _takesNoMore;

    public BrokerConnection(MqttReceiverOptions options, MqttClientOptions settings, MessageReception reception, MqttState state, TimeProvider time)
    {
        (_options, _settings, _reception, _state, _time) = (options, settings, reception, state, time);
        _client.ApplicationMessageReceivedAsync += Arrive;
        _client.DisconnectedAsync += end =>
        {
            _lost.TrySetResult(CauseOf(end));
            return Task.CompletedTask;
        };
    }

    /// <summary>Connects and subscribes.</summary>
    /// <exception cref="BrokerException">The broker refuses it.</exception>
    public async Task<MqttClientConnectResult> ConnectAsync(CancellationToken cancellationToken)
    {
        // The broker sends what it kept before anything is subscribed.
        _taking = Task.Run(TakeAsync, CancellationToken.None);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_settings.Timeout);
        MqttClientConnectResult result = await _client.ConnectAsync(_settings, limit.Token).ConfigureAwait(false);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
            throw new BrokerException($"The broker refused the connection: {result.ResultCode} {result.ReasonString}".TrimEnd() + ".");

        MqttClientSubscribeOptionsBuilder subscribe = new();
        foreach (string filter in _options.TopicFilters)
            subscribe.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        MqttClientSubscribeResult subscribed = await _client.SubscribeAsync(subscribe.Build(), limit.Token).ConfigureAwait(false);
        foreach (MqttClientSubscribeResultItem item in subscribed.Items)
        {
            if (item.ResultCode is not (MqttClientSubscribeResultCode.GrantedQoS1 or MqttClientSubscribeResultCode.GrantedQoS2))
                throw new BrokerException($"The broker did not grant topic {item.TopicFilter.Topic} with QoS 1: {item.ResultCode}.");
        }

        return result;
    }

    /// <summary>Runs until the connection ends.</summary>
    /// <param name="stop">Ends it in order: what was received is stored and acknowledged.</param>
    /// <param name="abandon">Ends the waiting for that.</param>
    /// <returns>What ended it; null when it was ended here.</returns>
    public async Task<string?> RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        await ((Task)_lost.Task).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_lost.Task.IsCompleted)
            return await _lost.Task.ConfigureAwait(false);

        _takesNoMore = true;
        await HeldAreStored().WaitAsync(abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _takesNoMore = true;
        _arrived.Writer.TryComplete();
        await _giveUp.CancelAsync().ConfigureAwait(false);

        // What is being written ends before it is delivered again, if it does so soon.
        await _taking.WaitAsync(s_timeToClose, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await HeldAreStored().WaitAsync(s_timeToClose, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _state.AddHeld(-_held.Count);
            _held.Clear();
        }

        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None)
                .WaitAsync(s_timeToClose, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _client.Dispose();
    }

    /// <summary>Completes when each message that is held now is stored, or given up.</summary>
    private Task HeldAreStored()
    {
        lock (_gate)
            return Task.WhenAll([.. _held.Select(message => message.Storing)]);
    }

    private static string CauseOf(MqttClientDisconnectedEventArgs end) => end switch
    {
        { Reason: MqttClientDisconnectReason.SessionTakenOver } => "another client connected with the same client id",
        { Exception: { } exception } => Outage.CauseOf(exception),
        { ReasonString: { Length: > 0 } reason } => reason,
        { Reason: MqttClientDisconnectReason.NormalDisconnection } =>
            "the broker closed the connection, as it also does when another client connects with the same client id",
        _ => end.Reason.ToString(),
    };

    /// <summary>Takes a message over from the client, which must not wait: it could not end a lost connection meanwhile.</summary>
    private Task Arrive(MqttApplicationMessageReceivedEventArgs message)
    {
        message.AutoAcknowledge = false;
        if (_takesNoMore)
            return Task.CompletedTask;

        bool isKept = message.ApplicationMessage.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        if (!isKept && !StatusMessage.IsAt(message.ApplicationMessage.Topic) && _state.Held + _arrived.Reader.Count > 2 * _options.ReceiveMaximum)
            _reception.Drop(message.ApplicationMessage);
        else
            _arrived.Writer.TryWrite(message);
        return Task.CompletedTask;
    }

    private async Task TakeAsync()
    {
        try
        {
            bool isFirst = true;
            while (!_takesNoMore && await _arrived.Reader.WaitToReadAsync(_giveUp.Token).ConfigureAwait(false))
            {
                while (!_takesNoMore && _arrived.Reader.TryRead(out MqttApplicationMessageReceivedEventArgs? message))
                {
                    // Another host may have stored the last messages of the same servers just now, with numbers beyond those that the
                    // store has in hand here.
                    if (isFirst)
                        await Task.Delay(TakeOver.Pause, _time, _giveUp.Token).ConfigureAwait(false);
                    isFirst = false;
                    await TakeAsync(message).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ends.
        }
#pragma warning disable CA1031 // Whatever it is, the messages are in the broker, and the next connection gets them.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _lost.TrySetResult(Outage.CauseOf(e));
        }
    }

    private async Task TakeAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        if (StatusMessage.IsAt(message.ApplicationMessage.Topic))
        {
            _reception.ReadStatus(message.ApplicationMessage);
            Hold(message).IsStored = true;
            await AcknowledgeAsync().ConfigureAwait(false);
            return;
        }

        ByteReservation memory = _reception.Reserve();
        try
        {
            await memory.AddAsync(message.ApplicationMessage.Payload.Length, _giveUp.Token).ConfigureAwait(false);
            ReceivedBody body = _reception.Read(message.ApplicationMessage);
            memory.Settle();
            HeldMessage held = Hold(message);
            held.Storing = StoreAsync(held, body, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private HeldMessage Hold(MqttApplicationMessageReceivedEventArgs message)
    {
        HeldMessage held = new(message);
        lock (_gate)
            _held.AddLast(held);
        _state.AddHeld(1);
        return held;
    }

    /// <summary>
    /// Stores a message; never throws. Messages are stored in the order in which this is called, since the delivery takes them before
    /// it waits.
    /// </summary>
    private async Task StoreAsync(HeldMessage message, ReceivedBody body, ByteReservation memory)
    {
        message.IsStored = await _reception.StoreAsync(body, _giveUp.Token).ConfigureAwait(false);
        memory.Dispose();
        if (message.IsStored)
            await AcknowledgeAsync().ConfigureAwait(false);
    }

    /// <summary>Acknowledges what is stored, up to the first message that is not.</summary>
    private async Task AcknowledgeAsync()
    {
        await _acknowledging.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            while (NextStored() is { } message)
                await message.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Its messages are delivered again, and known by their hash.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _lost.TrySetResult(Outage.CauseOf(e));
        }
        finally
        {
            _acknowledging.Release();
        }
    }

    private HeldMessage? NextStored()
    {
        lock (_gate)
        {
            if (_held.First is not { Value.IsStored: true } first)
                return null;

            _held.RemoveFirst();
            _state.AddHeld(-1);
            return first.Value;
        }
    }
}
