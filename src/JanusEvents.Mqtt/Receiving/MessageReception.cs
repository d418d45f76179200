using System.Buffers;
using JanusEvents.Delivery;
using JanusEvents.Mqtt.Connections;
using JanusEvents.Observation;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace JanusEvents.Mqtt.Receiving;

/// <summary>Makes bodies of messages, and has them stored; records what the other messages say of the servers.</summary>
internal sealed class MessageReception(
    MqttState state,
    RepeatedDelivery delivery,
    ByteBudget budget,
    JanusEventParser parser,
    DeliveryMetrics metrics,
    TimeProvider time,
    ContainedLogger<MqttReceiver> logger)
{
    private readonly MinuteCount _rejected = new(time);
    private readonly MinuteCount _unknownStatus = new(time);
    private readonly MinuteCount _withoutQos = new(time);
    private readonly MinuteCount _dropped = new(time);

    /// <summary>Begins to reserve memory for a message.</summary>
    public ByteReservation Reserve() => budget.Open();

    /// <summary>Takes a status message.</summary>
    public void ReadStatus(MqttApplicationMessage message)
    {
        string server = StatusMessage.ServerOf(message.Topic);
        switch (StatusMessage.Read(message.Payload.ToArray()))
        {
            case JanusStatus.Connected:
                Record(server, emitter: null, isAway: false);
                break;
            case JanusStatus.Disconnected:
                Record(server, emitter: null, isAway: true);
                break;
            case JanusStatus.Deleted:
                state.Remove(server);
                break;
            default:
                if (_unknownStatus.Add(1, out long count))
                    MqttLog.UnknownStatus(logger, count, message.Topic);
                break;
        }
    }

    /// <summary>Makes the body of a message, of bytes of its own.</summary>
    public ReceivedBody Read(MqttApplicationMessage message)
    {
        byte[] bytes = message.Payload.ToArray();
        ReceivedBody body = new(bytes, parser.Parse(bytes), time.GetUtcNow(), remoteAddress: null);
        if (body.Rejected.Count > 0 && _rejected.Add(body.Rejected.Count, out long rejected))
            MqttLog.Rejected(logger, message.Topic, rejected);
        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce && _withoutQos.Add(1, out long without))
            MqttLog.WithoutQos(logger, without, message.Topic);
        if (message.Dup)
            state.AddRedelivered();

        // One that publishes is there, also where its status was lost. A retained event is of some time before.
        if (body.Events.Count > 0 && !message.Retain)
            Record(StatusMessage.ServerOf(message.Topic), body.Events[0].Emitter, isAway: false);
        return body;
    }

    /// <summary>Has a message stored, however long that takes.</summary>
    /// <returns>False when it was given up.</returns>
    public Task<bool> StoreAsync(ReceivedBody body, CancellationToken givenUp) =>
        delivery.DeliverAsync(body, e => MqttLog.FailedWith(logger, e), givenUp);

    /// <summary>Records a message that was dropped, since too many wait and the broker does not bound those without acknowledgement.</summary>
    public void Drop(MqttApplicationMessage message)
    {
        metrics.Lost(1);
        if (_dropped.Add(1, out long count))
            MqttLog.Dropped(logger, count, message.Topic);
    }

    private void Record(string topic, string? emitter, bool isAway)
    {
        if (state.Set(topic, emitter, isAway) is not { } changed)
            return;
        if (changed.IsAway)
            MqttLog.ServerAway(logger, changed.Name);
        else
            MqttLog.ServerBack(logger, changed.Name);
    }
}
