using MQTTnet;

namespace JanusEvents.Mqtt.Receiving;

/// <summary>A message that was received and is not acknowledged yet.</summary>
internal sealed class HeldMessage(MqttApplicationMessageReceivedEventArgs message)
{
    private volatile bool _isStored;

    public bool IsStored
    {
        get => _isStored;
        set => _isStored = value;
    }

    /// <summary>Completes when it is stored, or given up; never fails.</summary>
    public Task Storing { get; set; } = Task.CompletedTask;

    public Task AcknowledgeAsync(CancellationToken cancellationToken) => message.AcknowledgeAsync(cancellationToken);
}
