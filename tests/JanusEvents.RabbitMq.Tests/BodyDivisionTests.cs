using System.Text;
using JanusEvents.RabbitMq.Connections;
using JanusEvents.RabbitMq.Publishing;
using JanusEvents.RabbitMq.Tests.Hosting;

namespace JanusEvents.RabbitMq.Tests;

public sealed class BodyDivisionTests
{
    [Fact]
    public void A_body_within_the_limit_is_one_message_of_the_same_bytes()
    {
        ReceivedBody body = TestBody.Of("a", 1, 2, 3);

        BufferMessage message = BodyDivision.Of(body, body.Json.Length).Should().ContainSingle().Subject;

        message.Bytes.ToArray().Should().Equal(body.Json.ToArray());
        message.Hash.ToArray().Should().Equal(body.Hash.ToArray());
    }

    [Fact]
    public void A_larger_body_is_divided_into_its_events_always_in_the_same_way()
    {
        ReceivedBody body = TestBody.Of("a", Enumerable.Range(1, 50).Select(n => (long)n));

        IReadOnlyList<BufferMessage> messages = BodyDivision.Of(body, 1_000);

        messages.Should().HaveCountGreaterThan(3).And.OnlyContain(message => message.Bytes.Length <= 1_000 && message.Element == null);
        messages.SelectMany(message => new JanusEventParser().Parse(message.Bytes).Events).Select(e => e.Json.ToString())
            .Should().Equal(body.Events.Select(e => e.Json.ToString()));
        BodyDivision.Of(TestBody.Received(body.Json.ToArray()), 1_000).Select(message => Convert.ToHexString(message.Hash.Span))
            .Should().Equal(messages.Select(message => Convert.ToHexString(message.Hash.Span)));
    }

    [Fact]
    public void Invalid_elements_keep_their_bytes_their_place_and_their_reason()
    {
        ReceivedBody body = TestBody.Received(Encoding.UTF8.GetBytes($"[17,{Encoding.UTF8.GetString(TestBody.Bytes("a", 1))[1..^1]},\"{new string('x', 500)}\"]"));

        IReadOnlyList<BufferMessage> messages = BodyDivision.Of(body, 300);

        messages.Should().HaveCount(3);
        messages.Where(message => message.Element is not null).Select(message => message.Element!.Reason).Should().Equal(body.Rejected.Select(element => element.Reason));
        messages[1].Bytes.Length.Should().Be(2);
        messages[2].Bytes.Length.Should().Be(300);
    }

    [Fact]
    public void The_partition_of_a_server_never_changes()
    {
        // Hosts of different versions share a buffer: another hash would put a server's bodies into two queues.
        BufferTopology topology = new(new RabbitMqBufferOptions { Uri = "amqp://rabbit", Partitions = 4 });

        new[] { null, "edge-1", "edge-2", "edge-3", "MyJanusInstance" }.Select(topology.PartitionOf).Should().Equal(3, 3, 1, 0, 2);
        Enumerable.Range(0, 400).Select(n => topology.PartitionOf($"janus-{n}")).CountBy(partition => partition)
            .Should().HaveCount(4).And.OnlyContain(count => count.Value > 70);
    }
}
