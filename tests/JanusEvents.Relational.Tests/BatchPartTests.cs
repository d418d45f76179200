using System.Text;
using JanusEvents.Delivery;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Writing;

namespace JanusEvents.Relational.Tests;

public sealed class BatchPartTests
{
    private const int EventsPerBody = 100;

    [Fact]
    public void Parts_are_of_about_the_same_size()
    {
        List<BatchPart> parts = BatchPart.Of(new EventBatch([.. Enumerable.Range(0, 6).Select(i => From($"janus{i}", i))]), 1, 2);

        parts.Select(p => p.Bodies.Count).Should().Equal(3, 3);
    }

    [Fact]
    public void What_one_server_sent_stays_together_in_order()
    {
        ReceivedBody[] bodies = [From("a", 1), From("b", 2), From("a", 3), From("c", 4), From("a", 5)];

        List<BatchPart> parts = BatchPart.Of(new EventBatch(bodies), 1, 2);

        parts.Should().HaveCount(2);
        parts[0].Bodies.Select(b => b.Body).Should().Equal(bodies[0], bodies[2], bodies[4]);
        parts[1].Bodies.Select(b => b.Body).Should().Equal(bodies[1], bodies[3]);
    }

    [Fact]
    public void Numbers_are_in_the_order_of_arrival_over_all_parts()
    {
        ReceivedBody[] bodies = [From("a", 1), From("b", 2), From("a", 3)];

        List<BatchPart> parts = BatchPart.Of(new EventBatch(bodies), 1000, 2);

        parts.SelectMany(p => p.Bodies).OrderBy(b => b.FirstNumber)
            .Should().Equal(new NumberedBody(bodies[0], 1000), new NumberedBody(bodies[1], 1100), new NumberedBody(bodies[2], 1200));
    }

    [Fact]
    public void A_body_that_came_twice_is_in_one_part()
    {
        // The same bytes by two ways: two transactions would wait for each other's hash.
        ReceivedBody here = From("a", 1, "192.0.2.1");
        ReceivedBody there = From("a", 1, "192.0.2.2");

        List<BatchPart> parts = BatchPart.Of(new EventBatch([here, From("b", 2), there]), 1, 2);

        parts.Single(p => p.Bodies.Any(b => b.Body == here)).Bodies.Should().Contain(b => b.Body == there);
    }

    [Fact]
    public void A_batch_of_the_spool_is_one_part_with_its_position()
    {
        SpoolPosition position = new(Guid.NewGuid(), 7);
        EventBatch batch = new([From("a", 1), From("b", 2)]) { Position = position };

        BatchPart part = BatchPart.Of(batch, 1, 2).Should().ContainSingle().Subject;

        part.Bodies.Should().HaveCount(2);
        part.Position.Should().Be(position);
    }

    [Fact]
    public void Few_events_are_one_part()
    {
        EventBatch batch = new([Bodies.Of(Bodies.Session(1)), Bodies.Of(Bodies.Session(2))]);

        BatchPart.Of(batch, 1, 2).Should().ContainSingle().Which.Bodies.Should().HaveCount(2);
    }

    [Fact]
    public void A_batch_without_events_is_one_part()
    {
        EventBatch batch = new([Bodies.OfText("[]"), Bodies.OfText("no JSON")]);

        BatchPart.Of(batch, 1, 2).Should().ContainSingle().Which.Bodies.Should().HaveCount(2);
    }

    private static ReceivedBody From(string emitter, int session, string from = "192.0.2.7") => Bodies.OfBytes(
        Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, EventsPerBody)
            .Select(i => Bodies.Session((session * EventsPerBody) + i).Replace("\"test\"", $"\"{emitter}\"", StringComparison.Ordinal)))}]"),
        from);
}
