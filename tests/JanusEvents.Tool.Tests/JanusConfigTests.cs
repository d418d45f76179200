using System.CommandLine;
using JanusEvents.Tool.Arguments;
using JanusEvents.Tool.Failures;

namespace JanusEvents.Tool.Tests;

/// <summary>The lines for Janus that <c>janus-config</c> prints.</summary>
public sealed class JanusConfigTests
{
    private const string Cluster = "amqp://janusevents:pass,word@rabbit-1:5673,rabbit-2,rabbit-3/calls";

    [Fact]
    public void Http_has_the_address_and_the_user_of_the_options()
    {
        string[] lines = Printed("http", "--url", "http://media.example:8080/janus/events", "--user", "janus");

        lines[0].Should().StartWith("# janus.eventhandler.sampleevh.jcfg. ").And.Contain(" -e").And.Contain("broadcast = true");
        lines.Skip(1).Should().Equal(JanusConfigurationLines.Http(new Uri("http://media.example:8080/janus/events"), "janus"));
    }

    [Fact]
    public void Http_has_the_user_of_the_settings_and_the_form_of_an_old_Janus()
    {
        string[] lines = Printed("http", "--url", "http://media.example:8080", "--old", "--JanusEvents:UserName=edge");

        lines[0].Should().StartWith("; janus.eventhandler.sampleevh.cfg. ");
        lines.Skip(1).Should().Equal(JanusConfigurationLines.HttpOfOldServers(new Uri("http://media.example:8080"), "edge"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("my-events")]
    public void WebSocket_has_the_address_and_the_sub_protocol_of_the_settings(string? subProtocol)
    {
        string[] settings = subProtocol is null ? [] : ["--JanusEvents:WebSocket:SubProtocol", subProtocol];
        string[] lines = Printed(["websocket", "--url", "wss://media.example/janus/events/ws", .. settings]);

        lines[0].Should().StartWith("# janus.eventhandler.wsevh.jcfg. ");
        lines.Skip(1).Should().Equal(JanusConfigurationLines.WebSocket(new Uri("wss://media.example/janus/events/ws"), subProtocol));
    }

    [Fact]
    public void RabbitMq_has_the_first_node_and_the_queue_of_the_receivers_settings_and_no_password()
    {
        string[] lines = Printed(
            "rabbitmq", $"--JanusEvents:RabbitMq:Receiver:Uri={Cluster}", "--JanusEvents:RabbitMq:Receiver:Queue=from-janus");

        lines[0].Should().StartWith("# janus.eventhandler.rabbitmqevh.jcfg. ");
        lines.Skip(1).Should().Equal(JanusConfigurationLines.RabbitMq(new Uri("amqp://janusevents@rabbit-1:5673/calls"), "from-janus"));
        string.Join('\n', lines).Should().NotContain("word@").And.NotContain("pass,");
    }

    [Fact]
    public void RabbitMq_prefers_the_options_to_the_settings()
    {
        string[] lines = Printed(
            "rabbitmq", "--broker", "amqps://janus@rabbit.example", "--queue", "q", "--exchange", "x", $"--JanusEvents:RabbitMq:Receiver:Uri={Cluster}");

        lines.Skip(1).Should().Equal(JanusConfigurationLines.RabbitMq(new Uri("amqps://janus@rabbit.example"), "q", "x"));
        Printed("rabbitmq", "--broker", "amqp://janus@rabbit.example").Should().Contain("    route_key = \"janus-events\"");
    }

    [Theory]
    [InlineData("janus/+/+", "janus/edge-7")]
    [InlineData("calls/+/#", "calls/edge-7")]
    [InlineData("+/events/#", "edge-7/events")]
    public void Mqtt_has_a_topic_that_the_receivers_settings_match_and_the_servers_name(string filter, string topic)
    {
        string[] lines = Printed(
            "mqtt", "--server", "edge-7", "--JanusEvents:Mqtt:Uri=mqtt://janusevents:s3cret@mqtt-1:1884", $"--JanusEvents:Mqtt:Topics:0={filter}");

        lines[0].Should().StartWith("# janus.eventhandler.mqttevh.jcfg. ");
        lines.Skip(1).Should().Equal(JanusConfigurationLines.Mqtt(new Uri("mqtt://janusevents@mqtt-1:1884"), topic, "janus-edge-7"));
    }

    [Fact]
    public void Mqtt_without_a_name_leaves_it_to_be_filled_in()
    {
        Printed("mqtt", "--broker", "mqtts://mqtt.example", "--topic", "janus/edge-8").Skip(1)
            .Should().Equal(JanusConfigurationLines.Mqtt(new Uri("mqtts://mqtt.example"), "janus/edge-8", "janus-(a name of its own)"));
        Printed("mqtt", "--broker", "mqtts://mqtt.example").Should().Contain("    topic = \"janus/(a name of its own)\"");
    }

    [Theory]
    [InlineData("--url is not such an address; it must be one such as http://", "http", "--url", "ws://media.example")]
    [InlineData("--url is not such an address; it must be one such as ws://", "websocket", "--url", "media.example:8080")]
    [InlineData("--broker or JanusEvents:RabbitMq:Receiver:Uri is not set; it must be one such as amqp://", "rabbitmq")]
    [InlineData("--broker or JanusEvents:RabbitMq:Receiver:Uri is not such an address", "rabbitmq", "--broker", "rabbit-1")]
    [InlineData("--broker or JanusEvents:Mqtt:Uri is not set; it must be one such as mqtt://", "mqtt", "--server", "edge-7")]
    [InlineData("--broker or JanusEvents:Mqtt:Uri is not such an address", "mqtt", "--broker", "amqp://janus:s3cret@rabbit-1")]
    public void A_missing_or_wrong_address_is_a_failure_that_names_its_source_and_its_form_and_not_its_value(string message, params string[] arguments) =>
        FluentActions.Invoking(() => Printed(arguments)).Should().Throw<CommandException>()
            .Which.Message.Should().StartWith(message).And.NotContain("s3cret");

    private static string[] Printed(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        CommandLine line = new(["janus-config", .. arguments]);
        line.Parse().Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }).Should().Be(0);
        return output.ToString().Split('\n')[..^1];
    }
}
