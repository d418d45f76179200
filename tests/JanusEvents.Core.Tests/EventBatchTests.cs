using System.Collections;
using System.Text;

namespace JanusEvents.Core.Tests;

public sealed class EventBatchTests
{
    private static readonly JanusEventParser s_parser = new();

    [Fact]
    public void Its_events_are_those_of_its_bodies_in_the_order_of_arrival()
    {
        ReceivedBody[] bodies =
        [
            Body("""[{"type":1,"session_id":3},{"type":1,"session_id":1}]"""),
            Body("[]"),
            Body("""{"type":1,"session_id":2}"""),
            Body("[5]"),
            Body("""[{"type":32,"session_id":9,"event":[{"media":"audio"},{"media":"video"}]},{"type":1,"session_id":0}]"""),
        ];

        EventBatch batch = new(bodies);

        batch.Select(e => e.SessionId).Should().Equal(3, 1, 2, 9, 9, 0);
        batch.Should().HaveCount(batch.Count).And.Equal(Enumerable.Range(0, batch.Count).Select(i => batch[i]));
        ((IEnumerable)batch).Cast<JanusEvent>().Should().Equal(batch);
        batch.Bodies.Should().Equal(bodies);
    }

    [Fact]
    public void A_place_outside_of_it_is_refused()
    {
        EventBatch batch = new([Body("""{"type":1}""")]);

        batch.Invoking(b => b[1]).Should().Throw<IndexOutOfRangeException>();
        batch.Invoking(b => b[-1]).Should().Throw<IndexOutOfRangeException>();
    }

    [Fact]
    public void A_batch_of_no_bodies_is_empty() =>
        new EventBatch([]).Should().BeEmpty();

    private static ReceivedBody Body(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        return new ReceivedBody(utf8, s_parser.Parse(utf8), DateTimeOffset.UnixEpoch, null);
    }
}
