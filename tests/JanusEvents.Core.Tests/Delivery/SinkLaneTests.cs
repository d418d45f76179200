using System.Text;
using JanusEvents.Delivery;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>The bodies of one sender in trouble, and by what a sender is known.</summary>
public sealed class SinkLaneTests
{
    private static readonly JanusEventsOptions s_options = new() { MaxBatchEvents = 2 };

    [Fact]
    public void A_batch_has_the_first_bodies_up_to_the_limit_and_they_stay_until_they_are_written()
    {
        SinkLane lane = Lane(1, 2, 3);

        Numbers(lane.NextBatch()).Should().Equal(1, 2);
        Numbers(lane.NextBatch()).Should().Equal(1, 2);
        lane.Count.Should().Be(3);
    }

    [Fact]
    public void What_is_left_of_a_batch_stays_before_what_came_meanwhile()
    {
        SinkLane lane = Lane(1, 2);
        List<PendingBody> batch = lane.NextBatch();
        lane.Enqueue(Pending(3));

        lane.Written([batch[1]]);

        Numbers(lane.NextBatch()).Should().Equal(2, 3);
        lane.Count.Should().Be(2);
    }

    [Fact]
    public void What_was_written_is_gone_and_an_empty_lane_has_no_batch()
    {
        SinkLane lane = Lane(1, 2, 3);

        lane.NextBatch();
        lane.Written([]);
        Numbers(lane.NextBatch()).Should().Equal(3);
        lane.Written([]);

        lane.NextBatch().Should().BeEmpty();
        lane.Written([]);
        lane.Count.Should().Be(0);
    }

    [Fact]
    public void All_are_taken_at_once_and_none_is_left()
    {
        SinkLane lane = Lane(1, 2, 3);

        Numbers(lane.TakeAll()).Should().Equal(1, 2, 3);

        lane.Count.Should().Be(0);
        lane.TakeAll().Should().BeEmpty();
    }

    [Fact]
    public void A_sender_is_known_by_its_address_and_the_emitter_of_its_first_event()
    {
        Sender.Of(Body("""[{"type":1,"emitter":"a"},{"type":1,"emitter":"b"}]""")).Should().Be(new Sender("192.0.2.1", "a"));
        Sender.Of(Body("""{"type":1}""")).Should().Be(new Sender("192.0.2.1", Emitter: null));
        Sender.Of(Body("[]")).Should().Be(new Sender("192.0.2.1", Emitter: null), "a body without events has a sender, too");
    }

    private static SinkLane Lane(params int[] numbers) => new(s_options, numbers.Select(Pending));

    private static PendingBody Pending(int number) => new(Body($$"""{"type":1,"session_id":{{number}}}"""), stores: 1);

    private static IEnumerable<long?> Numbers(IEnumerable<PendingBody> bodies) => bodies.Select(pending => pending.Body.Events[0].SessionId);

    private static ReceivedBody Body(string json)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        return new ReceivedBody(utf8, new JanusEventParser().Parse(utf8), DateTimeOffset.UnixEpoch, "192.0.2.1");
    }
}
