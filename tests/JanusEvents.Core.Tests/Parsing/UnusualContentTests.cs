using System.Runtime.InteropServices;
using static JanusEvents.Core.Tests.Parsing.SampleEvents;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>Content that Janus can send, or a later Janus may, and that no recording has.</summary>
public sealed class UnusualContentTests
{
    private readonly JanusEventParser _parser = new();

    [Theory]
    [InlineData("""{"type":32,"event":{"media":"audio","base":48000,"lsr":4026531840,"lost":0,"packets-sent":1,"bytes-received":1}}""")]
    [InlineData("""{"type":32,"event":{"media":"data","packets-received":1,"packets-sent":2,"bytes-received":3,"bytes-sent":4}}""")]
    [InlineData("""{"type":32,"subtype":3,"event":{"media":"audio","audio-codec":"opus"}}""")]
    [InlineData("""{"type":32,"subtype":3,"event":{"media":"video","video-codec":"h264","lost":-17,"lost-by-remote":-1}}""")]
    [InlineData("""{"type":32,"subtype":3,"event":{"media":"video","rtt-values":{}}}""")]
    [InlineData("""{"type":32,"event":[{"media":"audio"},{"media":"video","mindex":1}]}""")]
    [InlineData("""{"event":[{"media":"audio"},{"media":"video","mindex":1}],"subtype":3,"type":32}""")]
    [InlineData("""{"type":32,"event":{"media":"video","slow_link":"downlink","nacks_lastsec":9}}""")]
    [InlineData("""{"type":32,"event":{"media":"video","receiving":true,"substream":0}}""")]
    [InlineData("""{"type":256,"event":{"status":"started"}}""")]
    [InlineData("""{"type":256,"subtype":2,"event":{"status":"shutdown","signum":0}}""")]
    [InlineData("""{"type":256,"subtype":99,"event":{"status":"novel"}}""")]
    [InlineData("""{"type":1,"subtype":7,"event":{}}""")]
    [InlineData("""{"type":16,"event":{"stream_id":1,"component_id":1,"local-candidate":""}}""")]
    [InlineData("""{"type":64,"event":{"plugin":"p","data":{"room":"1234","id":1234}}}""")]
    [InlineData("""{"type":64,"event":{"plugin":"p","data":null}}""")]
    [InlineData("""{"type":64,"event":{"plugin":"p","data":  [ 1 , 2 ]  }}""")]
    [InlineData("""{"type":64,"event":{"data":{"a":1,"a":2},"plugin":"p"}}""")]
    [InlineData("""{"type":64,"timestamp":0,"event":{}}""")]
    [InlineData("""{"type":64,"timestamp":-1,"event":{}}""")]
    [InlineData("""{"type":64,"timestamp":253402300799999999,"event":{}}""")]
    [InlineData("""{"type":64,"timestamp":253402300800000000,"event":{}}""")]
    [InlineData("""{"type":64,"timestamp":-62135596800000000,"event":{}}""")]
    [InlineData("""{"type":64,"timestamp":-62135596800000001,"event":{}}""")]
    [InlineData("""{"type":64,"timestamp":9223372036854775807,"event":{}}""")]
    [InlineData("""{"type":64,"emitter":"","opaque_id":"","event":{"plugin":""}}""")]
    [InlineData("""{"type":64,"eventtype":"Plugins","event":{"plugin":"p"}}""")]
    public void It_is_read_as_it_was_sent(string json) =>
        ReadAsSent(json).Should().NotContain(e => e is UnknownEvent);

    [Theory]
    [InlineData("""{"type":512,"event":{"name":"created"}}""", 512)]
    [InlineData("""{"type":0,"event":{}}""", 0)]
    [InlineData("""{"type":-1,"event":{"a":1}}""", -1)]
    [InlineData("""{"type":3,"event":[1,2]}""", 3)]
    [InlineData("""{"type":2147483647}""", 2147483647)]
    [InlineData("""{"type":16,"subtype":7,"event":{"ice":"ready"}}""", 16)]
    [InlineData("""{"type":16,"subtype":0,"event":{"ice":"ready"}}""", 16)]
    [InlineData("""{"type":32,"subtype":4,"event":{"media":"audio"}}""", 32)]
    [InlineData("""{"type":32,"subtype":-2147483648,"event":{"media":"audio"}}""", 32)]
    [InlineData("""{"type":16,"event":{"stream_id":1,"component_id":1}}""", 16)]
    [InlineData("""{"type":16,"event":{"base":1,"receiving":true}}""", 16)]
    [InlineData("""{"type":32,"event":{"ice":"ready"}}""", 32)]
    [InlineData("""{"type":16,"event":[{"ice":"ready"}]}""", 16)]
    [InlineData("""{"type":32,"subtype":1,"event":[{"media":"audio"}]}""", 32)]
    [InlineData("""{"type":32,"subtype":3,"event":[]}""", 32)]
    [InlineData("""{"type":32,"subtype":3,"event":[{"media":"audio"},1]}""", 32)]
    [InlineData("""{"type":32,"subtype":3,"event":[[{"media":"audio"}],{"media":"video"}]}""", 32)]
    [InlineData("""{"type":32,"subtype":3,"event":[null]}""", 32)]
    [InlineData("""{"type":32,"subtype":3,"event":[{"media":"audio"},{"media":"video","media":"video"}]}""", 32)]
    [InlineData("""{"type":1,"event":null}""", 1)]
    [InlineData("""{"type":2,"event":"text"}""", 2)]
    [InlineData("""{"type":4,"event":[]}""", 4)]
    [InlineData("""{"type":8,"event":-0.0}""", 8)]
    [InlineData("""{"type":64}""", 64)]
    [InlineData("""{"type":64,"event":{"plugin":"p"},"event":{"plugin":"p"}}""", 64)]
    [InlineData("""{"type":1,"type":1,"event":{"name":"created"}}""", 1)]
    [InlineData("""{"type":64,"event":{"plugin":"p","\u0070lugin":"q","data":{}}}""", 64)]
    public void What_the_model_does_not_know_is_an_unknown_event_with_its_envelope_and_body(string json, int type)
    {
        var envelope = """{"emitter":"edge-7","timestamp":1733000000123457,"session_id":9223372036854775807,"handle_id":2,"opaque_id":"o",""";
        var unknown = ReadAsSent(envelope + json[1..]).Should().ContainSingle().Which.Should().BeOfType<UnknownEvent>().Subject;

        unknown.Type.Should().Be((JanusEventType)type);
        unknown.SessionId.Should().Be(long.MaxValue);
        unknown.Emitter.Should().Be("edge-7");
        unknown.Body.IsEmpty.Should().Be(!json.Contains("\"event\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":1,"session_id":1.5,"event":{"name":"created"}}""", "\"session_id\":1.5")]
    [InlineData("""{"type":32,"subtype":3,"event":{"media":"audio","rtt-values":{}}}""", "\"rtt-values\":{}")]
    public void A_changed_copy_keeps_what_the_model_cannot_hold(string json, string kept)
    {
        var changed = _parser.Parse(Utf8(json)).Events.Single() with { HandleId = 7 };

        ReceivedBody.FromEvents([changed], DateTimeOffset.UnixEpoch).Events.Single().Json.ToString().Should().Contain(kept).And.Contain("\"handle_id\":7");
    }

    [Fact]
    public void Parts_that_are_not_all_objects_cost_no_event_before_them()
    {
        var events = _parser.Parse(Utf8("""[{"type":1,"event":{"name":"created"}},{"type":32,"subtype":3,"event":[{"media":"audio"},1]}]""")).Events;

        events.Select(e => e.GetType()).Should().Equal(typeof(SessionEvent), typeof(UnknownEvent));
    }

    [Fact]
    public void A_name_that_the_envelope_and_the_data_share_is_told_apart()
    {
        var read = ReadAsSent("""{"type":4,"event":{"data":{"type":1,"session_id":5,"event":{"name":"created"}},"schema":"s"}}""");

        read.Single().Should().BeOfType<ExternalEvent>().Which.SessionId.Should().BeNull();
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\uDE00\\uD83D")]
    [InlineData("text \\ud800 text")]
    public void A_lone_surrogate_has_no_text_and_stays_in_the_JSON(string text)
    {
        var json = $$$"""{"type":2,"emitter":"{{{text}}}","session_id":1,"event":{"name":"attached","token":"{{{text}}}","{{{text}}}":1}}""";

        var read = ReadAsSent(json).Single().Should().BeOfType<HandleEvent>().Subject;

        read.Emitter.Should().BeNull();
        read.Token.Should().BeNull();
        read.Name.Should().Be("attached");
        read.Json.ToString().Should().Be(json);
    }

    [Theory]
    [InlineData("😀 e\u0301 שלום \u202E")]
    [InlineData("\u2028\u2029\uFFFF\uFFFE\uFEFF\u007F")]
    [InlineData("\\u0000\\u0001\\u001F\\b\\f\\n\\r\\t\\\"\\\\\\/")]
    [InlineData("\\uD83D\\uDE00")]
    [InlineData(",{\\\"type\\\":1}],")]
    public void Texts_of_any_characters_are_exact(string text) =>
        ReadAsSent($$$"""{"type":2,"emitter":"{{{text}}}","opaque_id":"{{{text}}}","event":{"name":"attached","plugin":"{{{text}}}","{{{text}}}":"{{{text}}}"}}""")
            .Should().ContainSingle().Which.Should().BeOfType<HandleEvent>();

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1_000_000)]
    public void Texts_of_any_length_are_exact(int length)
    {
        foreach (var text in new[] { new string('v', length), new string('é', length / 2) + new string('x', length % 2), string.Concat(Enumerable.Repeat("\\r\\n", length / 2)) })
            ReadAsSent($$$$"""{"type":8,"opaque_id":"{{{{text}}}}","event":{"owner":"remote","jsep":{"type":"offer","sdp":"{{{{text}}}}"}}}""");
    }

    [Fact]
    public void An_event_of_two_thousand_levels_can_be_read_to_the_bottom()
    {
        var json = $$$"""{"type":4,"event":{"schema":"s","data":{{{Nested(2_000)}}}}}""";

        var element = ReadAsSent(json).Single().Should().BeOfType<ExternalEvent>().Subject.Data.ToElement();

        for (var level = 1; level < 2_000; level++)
            element = element.GetProperty("a");
        element.GetProperty("a").GetInt32().Should().Be(1);
    }

    [Fact]
    public void An_event_as_deep_as_the_options_allow_can_be_read()
    {
        JanusEventParser parser = new(new JanusEventParserOptions { MaxDepth = 10_000 });

        var parsed = parser.Parse(Utf8($$$"""{"type":4,"event":{"schema":"s","data":{{{Nested(9_998)}}}}}"""));

        parsed.Rejected.Should().BeEmpty();
        parsed.Events.Single().Json.ToElement().GetProperty("event").GetProperty("schema").GetString().Should().Be("s");
    }

    [Fact]
    public void The_raw_JSON_is_a_slice_of_the_body()
    {
        var body = Utf8("""[{"type":4,"event":{"data":{"a":1},"schema":"s"}} , {"type":64,"event":{"data":[]}}]""");

        var read = _parser.Parse(body).Events;

        foreach (var raw in new[] { read[0].Json, ((ExternalEvent)read[0]).Data, read[1].Json, ((PluginEvent)read[1]).Data })
        {
            MemoryMarshal.TryGetArray(raw.Utf8, out var slice).Should().BeTrue();
            slice.Array.Should().BeSameAs(body);
        }
    }

    [Fact]
    public void A_body_inside_a_larger_buffer_is_read_in_place()
    {
        var buffer = Utf8("""xx[{"type":4,"event":{"schema":"s","data":{}}},5]xx""");

        var parsed = _parser.Parse(buffer.AsMemory()[2..^2]);

        parsed.Events.Single().Should().BeOfType<ExternalEvent>().Which.Schema.Should().Be("s");
        parsed.Rejected.Single().Offset.Should().Be(47 - 2, "offsets count from the beginning of the body");
    }

    [Fact]
    public async Task One_parser_serves_several_threads()
    {
        string[] emitters = [.. Enumerable.Range(0, 64).Select(i => $"edge-{i}")];

        await Parallel.ForAsync(0, 20_000, (i, _) =>
        {
            var emitter = emitters[i % emitters.Length];
            var read = _parser.Parse(Utf8($$$"""{"type":1,"emitter":"{{{emitter}}}","session_id":{{{i}}}}""")).Events.Single();
            (read.Emitter, read.SessionId).Should().Be((emitter, i));
            return ValueTask.CompletedTask;
        });
    }

    private static string Nested(int levels) =>
        string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);

    private IReadOnlyList<JanusEvent> ReadAsSent(string json)
    {
        var utf8 = Utf8(json);
        var parsed = _parser.Parse(utf8);
        parsed.Rejected.Should().BeEmpty();
        IndependentReading.Differences(utf8, parsed.Events).Should().BeEmpty();
        return parsed.Events;
    }
}
