using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JanusEvents.Mqtt.Tests;

/// <summary>The settings of the package: from the configuration alone, and what is refused when the host starts.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Options_are_read_from_their_section()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["JanusEvents:Mqtt:Uri"] = "mqtts://mqtt-1",
            ["JanusEvents:Mqtt:ClientId"] = "janusevents-1",
            ["JanusEvents:Mqtt:Topics:0"] = "site1/janus/#",
        });
        builder.Services.AddJanusEvents().AddMqttReceiver(options => options.ReceiveMaximum = 8);
        using IHost host = builder.Build();

        MqttReceiverOptions options = host.Services.GetRequiredService<IOptions<MqttReceiverOptions>>().Value;
        (options.Uri, options.ClientId, options.ReceiveMaximum).Should().Be(("mqtts://mqtt-1", "janusevents-1", 8));
        options.Topics.Should().Equal("site1/janus/#");
        new MqttReceiverOptions().TopicFilters.Should().Equal("janus/+/+");
    }

    [Fact]
    public async Task A_wrong_address_ends_the_start_without_showing_its_password()
    {
        Func<Task> start = () => TestHost.StartAsync(builder => builder.AddMqttReceiver(options => (options.Uri, options.ClientId) = ("amqp://janus:s3cret@mqtt", "a")));

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should()
            .StartWith("JanusEvents:Mqtt:Uri is not an address of a broker; it must be one such as mqtt://").And.NotContain("s3cret");
    }

    [Fact]
    public async Task Missing_and_wrong_values_are_named()
    {
        Func<Task> start = () => TestHost.StartAsync(builder => builder.AddMqttReceiver(options =>
        {
            options.ReceiveMaximum = 0;
            options.Topics.Add("janus/+x/#");
        }));

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should().BeEquivalentTo(
            "JanusEvents:Mqtt:Uri is not set; it must be one such as mqtt://user:password@mqtt-1:1883, or mqtts:// for TLS.",
            "JanusEvents:Mqtt:ClientId is not set; it must be a name that no other client of the broker has, such as janusevents-1. The broker keeps messages for it.",
            "JanusEvents:Mqtt:Topics has \"janus/+x/#\"; a topic filter must be such as janus/+/+ or janus/#: + for a whole level, # as the last one.",
            "JanusEvents:Mqtt:ReceiveMaximum is 0; it must be 1 to 1000.");
    }

    [Fact]
    public void The_lines_for_Janus_keep_what_is_published_while_the_broker_is_away()
    {
        JanusConfigurationLines.Mqtt(new Uri("mqtts://janus:s3cret@mqtt.example"), "janus/edge-7", "janus-edge-7").Should().Equal(
            "general: {",
            "    enabled = true",
            "    events = \"all\"",
            "    json = \"compact\"",
            "    url = \"ssl://mqtt.example:8883\"",
            "    mqtt_version = \"5\"",
            "    client_id = \"janus-edge-7\"",
            "    username = \"janus\"",
            "    password = \"(the password that belongs to it)\"",
            "    topic = \"janus/edge-7\"",
            "    qos = 1",
            "    max_buffered = 100000",
            "    will_enabled = true",
            "    tls_enable = true",
            "}");
    }
}
