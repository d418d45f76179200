using JanusEvents.RabbitMq.Settings;

namespace JanusEvents.RabbitMq.Tests;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://rabbit", "rabbit:5672")]
    [InlineData("amqps://rabbit", "rabbit:5671")]
    [InlineData("amqp://janus:p%40ss@a:1,b,c:3/vhost", "a:1 b:5672 c:3")]
    [InlineData("amqp://janus:p,a@one,two/%2F", "one:5672 two:5672")]
    [InlineData("amqp://[::1]:5673,127.0.0.1/", "::1:5673 127.0.0.1:5672")]
    public void An_address_has_one_or_more_nodes(string text, string nodes)
    {
        BrokerAddress.TryParse(text, out BrokerAddress? address).Should().BeTrue();

        string.Join(' ', address!.Nodes.Select(node => $"{node.Host}:{node.Port}")).Should().Be(nodes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("rabbit:5672")]
    [InlineData("http://rabbit")]
    [InlineData("amqp://")]
    [InlineData("amqp://a,,b")]
    [InlineData("amqp://a/one/two")]
    [InlineData("amqp://a:port")]
    public void Anything_else_is_none(string? text) => BrokerAddress.TryParse(text, out _).Should().BeFalse();
}
