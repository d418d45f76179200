using System.Text;
using JanusEvents.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace JanusEvents.Mqtt.Tests.Hosting;

/// <summary>A client that publishes as Janus's MQTT event handler does.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    // One that takes over a session gets its messages; they stay in it.
    private Publisher() => _client.ApplicationMessageReceivedAsync += message =>
    {
        message.AutoAcknowledge = false;
        return Task.CompletedTask;
    };

    public static async Task<Publisher> ConnectAsync(MosquittoServer server, Action<MqttClientOptionsBuilder>? configure = null)
    {
        Publisher publisher = new();
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", server.Port).WithTlsOptions(tls => tls.UseTls(false));
        configure?.Invoke(options);
        await publisher._client.ConnectAsync(options.Build());
        return publisher;
    }

    public async Task PublishAsync(
        string topic, byte[] message, bool retain = false, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce) =>
        await _client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(message).WithRetainFlag(retain).WithQualityOfServiceLevel(qos).Build());

    public Task PublishAsync(string topic, string message, bool retain = false) => PublishAsync(topic, Encoding.UTF8.GetBytes(message), retain);

    /// <summary>Publishes an event for each number.</summary>
    public async Task PublishNumbersAsync(string topic, IEnumerable<long> numbers, string emitter = "edge-7")
    {
        foreach (long number in numbers)
            await PublishAsync(topic, NumberedBody.Json([number], emitter));
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
            await _client.DisconnectAsync();
        _client.Dispose();
    }
}
