using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>Every event of every recording, read twice.</summary>
public sealed class CapturedEventsTests
{
    private readonly JanusEventParser _parser = new();

    [Theory]
    [MemberData(nameof(Captures.All), MemberType = typeof(Captures))]
    public void Every_captured_event_is_read_into_its_record_with_every_field(string capture)
    {
        List<string> differences = [];
        var elements = 0;
        foreach (var body in Captures.Bodies(capture))
        {
            var parsed = _parser.Parse(body.Json);
            parsed.Rejected.Should().BeEmpty($"{body} came from a real Janus");
            parsed.Events.Should().NotContain(e => e is UnknownEvent, $"{body} came from a real Janus");
            differences.AddRange(IndependentReading.Differences(body.Json, parsed.Events).Select(d => $"{body}: {d}"));
            elements += parsed.Events.Count(e => e is not MediaStatsEvent { Part: > 0 });
        }

        differences.Should().BeEmpty();
        elements.Should().Be(Captures.Events(capture).Count(), "the recording lists each event once more");
    }

    [Theory]
    [MemberData(nameof(Captures.All), MemberType = typeof(Captures))]
    public void Every_property_that_Janus_sent_is_a_property_of_a_record(string capture)
    {
        SortedSet<string> unmodelled = [];
        foreach (var body in Captures.Bodies(capture))
        {
            using var document = IndependentReading.Read(body.Json);
            foreach (var sent in IndependentReading.Elements(document.RootElement))
                unmodelled.UnionWith(IndependentReading.Unmodelled(sent));
        }

        unmodelled.Should().BeEmpty();
    }

    [Fact]
    public void Combined_statistics_give_an_event_for_each_medium()
    {
        var parts = Captures.Bodies("07c-plain-combined-stats-no-server-name")
            .SelectMany(b => _parser.Parse(b.Json).Events)
            .OfType<MediaStatsEvent>()
            .GroupBy(e => e.Json)
            .ToList();

        parts.Should().HaveCount(12).And.Contain(g => g.Count() > 1);
        parts.Should().OnlyContain(g => g.Select(e => e.Part).SequenceEqual(Enumerable.Range(0, g.Count()).Select(i => (int?)i)));
    }

    [Fact]
    public void A_property_that_no_record_covers_would_be_listed()
    {
        using var document = IndependentReading.Read("""
            {"type":1,"novel":0,"event":{"name":"created","transport":{"transport":"t","id":"1","colour":"red"},"mood":{"a":1}}}
            """u8.ToArray());

        IndependentReading.Unmodelled(document.RootElement)
            .Should().Equal("novel", "SessionEvent: transport.colour", "SessionEvent: mood");
    }

    [Fact]
    public void A_field_that_is_read_differently_would_be_listed()
    {
        var read = _parser.Parse("""{"type":1,"session_id":1,"event":{"name":"created"}}"""u8.ToArray()).Events;

        IndependentReading.Differences("""{"type":1,"session_id":2,"event":{"name":"destroyed"}}"""u8.ToArray(), read)
            .Should().HaveCount(3, "the JSON, the session and the name differ");
    }
}
