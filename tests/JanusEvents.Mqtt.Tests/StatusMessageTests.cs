using System.Text;
using JanusEvents.Mqtt.Receiving;

namespace JanusEvents.Mqtt.Tests;

/// <summary>The messages that are no events.</summary>
public sealed class StatusMessageTests
{
    [Theory]
    [InlineData("janus/edge-7/status", true, "janus/edge-7")]
    [InlineData("/janus/events/media", false, "/janus/events")]
    [InlineData("janus/edge-7", false, "janus/edge-7")]
    [InlineData("status", true, "status")]
    [InlineData("", false, "")]
    public void The_topic_says_which_server_published(string topic, bool isStatus, string server)
    {
        StatusMessage.IsAt(topic).Should().Be(isStatus);
        StatusMessage.ServerOf(topic).Should().Be(server);
    }

    [Theory]
    [InlineData("""{"event": "connected", "eventhandler": "janus.eventhandler.mqttevh"}""", "Connected")]
    [InlineData("""{"event": "disconnected"}""", "Disconnected")]
    [InlineData("", "Deleted")]
    [InlineData("""{"event": "\ud800"}""", "Unknown")]
    [InlineData("""{"event": 1}""", "Unknown")]
    [InlineData("[]", "Unknown")]
    [InlineData("{", "Unknown")]
    public void Any_content_is_read(string message, string status) =>
        StatusMessage.Read(Encoding.UTF8.GetBytes(message)).ToString().Should().Be(status);
}
