using System.Text;
using JanusEvents.Events.Json;
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
    [InlineData("07c-plain-combined-stats-no-server-name")]
    [InlineData("14-mqttevh")]
    [InlineData("14b-mqttevh-v5-indented")]
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
    [InlineData("""[{"media":"audio"}]}""")]
    [InlineData("""[ {"mid":"0","rtt-values":{"ntp":1}} , {"mid":"1","rtt":1} , {"mid":"2"} ] }""")]
    [InlineData("""{"media":"audio"},"eventtype":"Media"}""")]
    [InlineData("""[{"rtt":1},{"rtt":2}] , "eventtype" : "Média" }""")]
    public void A_plain_body_is_read_as_the_reader_reads_it(string body)
    {
        IsPlain(Event(body)).Should().BeTrue();
        ReadsAsSent(body);
    }

    [Theory]
    [InlineData("""{}}""")]
    [InlineData("""[]}""")]
    [InlineData("""null}""")]
    [InlineData("""[{}]}""")]
    [InlineData("""[{"rtt":1},{}]}""")]
    [InlineData("""[{"rtt":1},]}""")]
    [InlineData("""[{"rtt":1} {"rtt":1}]}""")]
    [InlineData("""[{"rtt":1},1]}""")]
    [InlineData("""[[{"rtt":1}]]}""")]
    [InlineData("""[{"rtt":1}}""")]
    [InlineData("""[{"rtt":1}],"novel":1}""")]
    [InlineData("""[{"rtt":1}]""")]
    [InlineData("""{"rtt":1}]}""")]
    [InlineData("""{"rtt":1},{"rtt":1}}""")]
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
    [InlineData("""{"media":"a"},"eventtype":"Media","eventtype":"Media"}""")]
    [InlineData("""{"media":"a"},"eventtype":"Media","novel":1}""")]
    [InlineData("""{"media":"a"},"eventtype":"M\u0065dia"}""")]
    [InlineData("""{"media":"a"},"eventtype":1}""")]
    [InlineData("""{"media":"a"},"eventtype"}""")]
    [InlineData("""{"media":"a"},"eventtyp":"Media"}""")]
    [InlineData("""{"media":"a"},"eventtype":"Media" """)]
    [InlineData("""{"media":"a"},}""")]
    [InlineData("""{"media":"a"} "eventtype":"Media"}""")]
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

    [Theory]
    [InlineData("""[{"rtt":1}]}""")]
    [InlineData("""{{"rtt":1}}""")]
    [InlineData("""{"emitter":{"rtt":1}}""")]
    [InlineData("""{"type":32,"subtype":{"rtt":1}}""")]
    [InlineData("""{"type":32,"subtype":3{"rtt":1}}""")]
    public void A_body_without_a_whole_envelope_before_it_is_none(string json) => IsPlain(json).Should().BeFalse();

    [Theory]
    [InlineData("""{"type":32,"subtype":3,"event":["rtt":1}}""")]
    [InlineData("""{"type":32,"subtype":3,"event":"rtt":1}}""")]
    [InlineData("""{"type":32,"subtype":3,"event":{"rtt-values":"ntp":1}}}""")]
    [InlineData("""{"type":32,"subtype":3,"event":{"rtt-values"{"ntp":1}}}""")]
    public void An_object_begins_with_its_bracket(string json) => IsPlain(json).Should().BeFalse();

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\t")]
    [InlineData("\r\n\t ")]
    public void White_space_of_JSON_stands_wherever_it_may(string space)
    {
        string json = Event("""[{"media":"audio","rtt-values":{"ntp":1,"lsr":-2}}],"eventtype":"Media"}""");
        foreach (string token in new[] { "{", "}", "[", "]", ":", "," })
            json = json.Replace(token, space + token + space, StringComparison.Ordinal);
        json = json.TrimEnd();

        IsPlain(json).Should().BeTrue();
        ReadsJsonAsSent(json);
    }

    [Theory]
    [InlineData("\f")]
    [InlineData("\v")]
    [InlineData("\0")]
    [InlineData("\u0001")]
    [InlineData("\u00a0")]
    public void Other_white_space_is_left_to_the_reader(string space) =>
        IsPlain(Event("{" + space + "\"rtt\":1}}")).Should().BeFalse();

    [Theory]
    [InlineData("""{"type":32,"subtype":3,""", true)]
    [InlineData(""" { "emitter" : "é" , "type" : 32 , "subtype" : 3 , "timestamp" : 1733000001000002 , "session_id" : 0 , "handle_id" : -1 , "opaque_id" : "" , """, true)]
    [InlineData("""{"type":32,"subtype":3,"handle_id":9007199254740991,"opaque_id":"a b",""", true)]
    [InlineData("""{"type":32,""", false)]
    [InlineData("""{"type":33,"subtype":3,""", false)]
    [InlineData("""{"type":32,"subtype":1,""", false)]
    [InlineData("""{"type":32,"subtype":4294967299,""", false)]
    [InlineData("""{"subtype":3,"type":32,""", false)]
    [InlineData("""{"type":32,"subtype":3,"type":32,""", false)]
    [InlineData("""{"type":32,"subtype":3,"event":{},""", false)]
    [InlineData("""{"type":32,"subtype":3,"novel":1,""", false)]
    [InlineData("""{"type":32,"subtype":3,"timestamp":1e15,""", false)]
    [InlineData("""{"type":32,"subtype":3,"timestamp":null,""", false)]
    [InlineData("""{"type":32,"subtype":3,"session_id":18446744073709551615,""", false)]
    [InlineData("""{"type":32,"subtype":3,"session_id":"7",""", false)]
    [InlineData("""{"emitter":null,"type":32,"subtype":3,""", false)]
    [InlineData("""{"emitter":"a\"b","type":32,"subtype":3,""", false)]
    [InlineData("""{"type":32,"subtype":3,"opaque_id":"\u00e9",""", false)]
    [InlineData("""{"type":32,"subtype":3,"opaque_id":7,""", false)]
    [InlineData("""{"type":32,"subtype":3,,""", false)]
    [InlineData("""{"type":32 "subtype":3,""", false)]
    [InlineData("""["type":32,"subtype":3,""", false)]
    [InlineData("""{type":32,"subtype":3,""", false)]
    public void An_envelope_is_taken_as_Janus_writes_it_and_else_left_to_the_reader(string envelope, bool isPlain)
    {
        var json = EventWith(envelope);

        IsPlain(json).Should().Be(isPlain);
        ReadsJsonAsSent(json);
    }

    [Theory]
    [InlineData("""{"subtype":3,""")]
    [InlineData("""{"type":4294967328,"subtype":3,""")]
    [InlineData("""{"type":32.0,"subtype":3,""")]
    [InlineData("""{"type":"32","subtype":3,""")]
    public void What_has_no_type_of_Janus_is_no_event(string envelope)
    {
        var json = EventWith(envelope);

        IsPlain(json).Should().BeFalse();
        _parser.Parse(SampleEvents.Utf8(json)).Rejected.Should().ContainSingle();
    }

    [Fact]
    public void The_name_of_the_type_that_the_MQTT_handler_adds_is_kept_whichever_way_an_event_is_read()
    {
        const string Plain = """{"type":32,"subtype":3,"event":{"rtt":1},"eventtype":"Media"}""";
        const string Other = """{"subtype":3,"type":32,"event":{"rtt":1},"eventtype":"Media"}""";

        foreach (string json in new[] { Plain, Other })
        {
            var changed = (MediaStatsEvent)_parser.Parse(SampleEvents.Utf8(json)).Events.Single() with { HandleId = 7 };
            var body = ReceivedBody.FromEvents([changed], DateTimeOffset.UnixEpoch);
            Encoding.UTF8.GetString(body.Json.Span).Should().Contain("\"eventtype\":\"Media\"").And.Contain("\"handle_id\":7");
        }
    }

    [Fact]
    public void A_plain_body_after_a_property_that_came_twice_is_still_unknown()
    {
        foreach (var envelope in new[] { """{"type":32,"type":32,"subtype":3,"event":""", """{"event":{},"type":32,"subtype":3,"event":""" })
            _parser.Parse(SampleEvents.Utf8(envelope + """{"media":"audio"}}""")).Events.Should().ContainSingle().Which.Should().BeOfType<UnknownEvent>();
    }

    private static string Event(string body) => """{"type":32,"subtype":3,"session_id":7,"event":""" + body;

    private static string EventWith(string envelope) => envelope + "\"event\":" + """{"media":"audio","rtt":1}}""";

    private static bool IsPlain(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        List<JanusEvent> events = [];
        var taken = PlainMediaStats.TryRead(utf8, new StringPool(), events, out var length);
        length.Should().Be(taken ? utf8.Length : 0);
        (events.Count > 0).Should().Be(taken);
        return taken;
    }

    /// <summary>The parser takes the JSON, and reads from it what System.Text.Json reads; or neither does.</summary>
    private void ReadsAsSent(string body) => ReadsJsonAsSent(Event(body));

    private void ReadsJsonAsSent(string json)
    {
        var utf8 = SampleEvents.Utf8(json);
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
