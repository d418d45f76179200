using System.Text;
using JanusEvents.Parsing;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>The short way through statistics: taken for what Janus writes, and for nothing that it could misread.</summary>
public sealed class PlainMediaStatsTests
{
    private readonly JanusEventParser _parser = new();

    [Theory]
    [InlineData("02-echotest")]
    [InlineData("03-videoroom")]
    [InlineData("07-ungrouped-indented")]
    [InlineData("07b-grouped-indented")]
    public void Statistics_as_Janus_writes_them_are_read_the_short_way(string capture)
    {
        var stats = Captures.Bodies(capture).SelectMany(b => _parser.Parse(b.Json).Events).OfType<MediaStatsEvent>().ToList();

        stats.Should().NotBeEmpty();
        stats.Where(e => !IsPlain(e.Json.ToString())).Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"media":"audio"}}""")]
    [InlineData("""{ "mid" : "0" , "rtt" : 0 , "lost" : -3 } }""")]
    [InlineData("""{"media":"","rtt":1,"rtt-values":{"ntp":4294967295,"lsr":1,"dlsr":0},"lost":999999999999999999}}""")]
    [InlineData("""{"media":"video","video-codec":"é✓😀"}}""")]
    public void A_plain_body_is_read_as_the_reader_reads_it(string body)
    {
        IsPlain(Event(body)).Should().BeTrue();
        ReadsAsSent(body);
    }

    [Theory]
    [InlineData("""{}}""")]
    [InlineData("""[]}""")]
    [InlineData("""null}""")]
    [InlineData("""{"rtt":01}}""")]
    [InlineData("""{"rtt":-0}}""")]
    [InlineData("""{"rtt":- 1}}""")]
    [InlineData("""{"rtt":-}}""")]
    [InlineData("""{"rtt":}}""")]
    [InlineData("""{"rtt":+1}}""")]
    [InlineData("""{"rtt":1.0}}""")]
    [InlineData("""{"rtt":1e3}}""")]
    [InlineData("""{"rtt":1000000000000000000}}""")]
    [InlineData("""{"rtt":"1"}}""")]
    [InlineData("""{"rtt":1,}}""")]
    [InlineData("""{"rtt":1 "lost":1}}""")]
    [InlineData("""{"rtt":1,"rtt":1}}""")]
    [InlineData("""{"lost":1,"rtt":1}}""")]
    [InlineData("""{"lost-":1}}""")]
    [InlineData("""{"los":1}}""")]
    [InlineData("""{"novel":1}}""")]
    [InlineData("""{"\u0072tt":1}}""")]
    [InlineData("""{"media":"a\u0062"}}""")]
    [InlineData("{\"media\":\"a\tb\"}}")]
    [InlineData("""{"media":1}}""")]
    [InlineData("""{"media":"a}}""")]
    [InlineData("""{"media"}}""")]
    [InlineData("""{"media":"a"},"novel":1}""")]
    [InlineData("""{"media":"a"},"event":{}}""")]
    [InlineData("""{"media":"a"}]""")]
    [InlineData("""{"media":"a"}""")]
    [InlineData("""{"media":"a",""")]
    [InlineData("""{"rtt":1""")]
    [InlineData("""{"rtt-values":{}}}""")]
    [InlineData("""{"rtt-values":{"lsr":1,"ntp":1}}}""")]
    [InlineData("""{"rtt-values":{"ntp":1.5}}}""")]
    [InlineData("""{"rtt-values":1}}""")]
    public void Any_other_body_is_left_to_the_reader(string body)
    {
        IsPlain(Event(body)).Should().BeFalse();
        ReadsAsSent(body);
    }

    [Fact]
    public void A_plain_body_after_a_property_that_came_twice_is_still_unknown()
    {
        foreach (var envelope in new[] { """{"type":32,"type":32,"subtype":3,"event":""", """{"event":{},"type":32,"subtype":3,"event":""" })
            _parser.Parse(SampleEvents.Utf8(envelope + """{"media":"audio"}}""")).Events.Should().ContainSingle().Which.Should().BeOfType<UnknownEvent>();
    }

    private static string Event(string body) => """{"type":32,"subtype":3,"session_id":7,"event":""" + body;

    private static bool IsPlain(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var start = utf8.AsSpan().IndexOf("\"event\""u8) + "\"event\":".Length;
        var position = start;
        var taken = PlainMediaStats.TryRead(utf8, ref position, new StringPool(), out _);
        position.Should().Be(taken ? utf8.Length : start);
        return taken;
    }

    /// <summary>The parser takes the JSON, and reads from it what System.Text.Json reads; or neither does.</summary>
    private void ReadsAsSent(string body)
    {
        var utf8 = SampleEvents.Utf8(Event(body));
        var parsed = _parser.Parse(utf8);
        var isJson = true;
        try
        {
            IndependentReading.Read(utf8).Dispose();
        }
        catch (System.Text.Json.JsonException)
        {
            isJson = false;
        }

        (parsed.Rejected.Count == 0).Should().Be(isJson);
        if (isJson)
            IndependentReading.Differences(utf8, parsed.Events).Should().BeEmpty();
        else
            parsed.Events.Should().BeEmpty();
    }
}
