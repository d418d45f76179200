using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>A connection that breaks cuts a body anywhere.</summary>
public sealed class CutBodyTests
{
    private readonly JanusEventParser _parser = new();

    [Theory]
    [InlineData("03-videoroom", 8_000)]
    [InlineData("06b-external-events", 8_000)]
    [InlineData("07-ungrouped-indented", 2_000)]
    [InlineData("07b-grouped-indented", 8_000)]
    [InlineData("07c-plain-combined-stats-no-server-name", 8_000)]
    [InlineData("08-compress", 8_000)]
    public void Wherever_a_body_is_cut_the_events_before_are_all_there(string capture, int largest)
    {
        var body = Captures.Bodies(capture).Select(b => b.Json).Where(b => b.Length <= largest).MaxBy(b => _parser.Parse(b).Events.Count)!;
        var whole = _parser.Parse(body).Events;
        whole.Should().NotBeEmpty();

        for (var length = 0; length < body.Length; length++)
        {
            var cut = body[..length];
            var parsed = _parser.Parse(cut);

            var complete = whole.Where(e => ParsedBodies.Place(e).End <= length).ToList();
            Described(parsed.Events).Should().Equal(Described(complete), $"the body was cut at {length} of {body.Length}");
            var isWhole = length >= body.AsSpan().TrimEnd(" \r\n"u8).Length;
            if (!isWhole)
                parsed.Rejected.Should().NotBeEmpty($"the body was cut at {length} of {body.Length}");
            ParsedBodies.ShouldAccountForEveryByte(cut, parsed);
        }
    }

    private static IEnumerable<string> Described(IEnumerable<JanusEvent> events) =>
        events.Select(e => $"{e.GetType().Name} {(e as MediaStatsEvent)?.Part} {ParsedBodies.Place(e)}");
}
