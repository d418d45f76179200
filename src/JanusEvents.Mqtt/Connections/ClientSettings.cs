using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Formatter;

namespace JanusEvents.Mqtt.Connections;

/// <summary>How the client connects: with a session that the broker keeps.</summary>
internal static class ClientSettings
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    public static MqttClientOptions Of(MqttReceiverOptions options)
    {
        Uri uri = new(options.Uri!);
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder().WithConnectionUri(uri).WithTimeout(s_timeout);
        if (uri.UserInfo.Length > 0)
        {
            // The client itself would leave both percent-encoded.
            string[] user = uri.UserInfo.Split(':', 2);
            builder.WithCredentials(Uri.UnescapeDataString(user[0]), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "");
        }

        options.ConfigureConnection?.Invoke(builder);
        MqttClientOptions settings = builder
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(options.ClientId)
            .WithCleanStart(false)
            .WithSessionExpiryInterval((uint)options.SessionExpiry.TotalSeconds)
            .WithReceiveMaximum((ushort)options.ReceiveMaximum)
            .Build();

        // By default the client resets the connection, which can discard acknowledgements that are on their way.
        if (settings.ChannelOptions is MqttClientTcpOptions tcp)
            tcp.LingerState = new LingerOption(enable: false, 0);
        return settings;
    }
}
