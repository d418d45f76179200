using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using JanusEvents.Core.Tests.Parsing;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Writing;

/// <summary>Events written as JSON: as they were received, and as code made them.</summary>
public sealed class EventJsonTests
{
    private readonly JanusEventParser _parser = new();

    public static TheoryData<string> Records => [.. SampleEvents.Records];

    [Theory]
    [MemberData(nameof(Captures.All), MemberType = typeof(Captures))]
    public void Every_captured_event_is_written_as_Janus_sent_it_also_from_its_properties_alone(string capture)
    {
        List<string> differences = [];
        foreach (var body in Captures.Bodies(capture))
        {
            var events = _parser.Parse(body.Json).Events;
            using var sent = IndependentReading.Read(body.Json);
            var lines = IndependentReading.Elements(sent.RootElement).Select(Compact).ToList();

            // Byte for byte: names, their order, the form of numbers and the escapes of strings.
            Compare("as received", lines, [.. events.Where(e => e is not MediaStatsEvent { Part: > 0 }).Select(e => e.ToJson())]);
            var copies = events.Select(FromProperties).ToList();
            var written = Encoding.UTF8.GetString(ReceivedBody.FromEvents(copies, DateTimeOffset.UnixEpoch).Json.Span);
            Compare("from the properties", [$"[{string.Join(',', lines)}]"], [written]);
            if (copies.Count > 0)
                copies[0].Json.IsEmpty.Should().BeTrue();

            void Compare(string how, List<string> expected, List<string> actual)
            {
                if (!expected.SequenceEqual(actual))
                    differences.Add($"{body} {how}: {string.Join('\n', actual)}\ninstead of\n{string.Join('\n', expected)}");
            }
        }

        differences.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_record_is_written_from_its_properties_with_all_that_any_release_sends(string record)
    {
        var e = Read(SampleEvents.Json(record));

        var copy = FromProperties(e);

        using var written = JsonDocument.Parse(copy.ToJson());
        using var sent = JsonDocument.Parse(SampleEvents.Json(record));
        JsonElement.DeepEquals(written.RootElement, sent.RootElement).Should().BeTrue(copy.ToJson());
        ArrayBufferWriter<byte> utf8 = new();
        copy.WriteTo(utf8);
        Encoding.UTF8.GetString(utf8.WrittenSpan).Should().Be(copy.ToJson());
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_new_event_has_the_type_of_its_record_and_nothing_else(string record)
    {
        var e = (JanusEvent)Activator.CreateInstance(typeof(JanusEvent).Assembly.GetType($"JanusEvents.{record}")!)!;

        var json = e.ToJson();

        json.Should().MatchRegex("""^\{"type":\d+(,"subtype":\d)?,"event":\{\}\}$""");
        Read(json).GetType().Should().Be(e.GetType());
    }

    [Fact]
    public void An_event_made_by_code_reads_as_Janus_writes_it()
    {
        SessionEvent e = new()
        {
            Emitter = "ed\"ge\u0001✓",
            Timestamp = DateTimeOffset.UnixEpoch.AddTicks(17_330_000_001_234_567),
            SessionId = long.MaxValue,
            Name = "created",
            TransportId = "1",
        };
        UnknownEvent unknown = new() { Type = (JanusEventType)512, Body = Raw("[1.50, {\"a b\" : -0.0}]") };

        e.ToJson().Should().Be(
            """{"emitter":"ed\"ge\u0001✓","type":1,"timestamp":1733000000123456,"session_id":9223372036854775807,"event":{"name":"created","transport":{"id":"1"}}}""");
        unknown.ToJson().Should().Be("""{"type":512,"event":[1.50,{"a b":-0.0}]}""");
        new UnknownEvent().ToJson().Should().Be("""{"type":0}""");
    }

    [Fact]
    public void A_changed_copy_is_written_with_its_changes_and_all_that_was_not_changed()
    {
        var sent = (JsepEvent)Read(
            """{ "type":8, "more":[1, 2.50], "session_id":"abc", "handle_id":5, "event":{"owner":"local","jsep":{"type":"offer","sdp":"secret","e2ee":true,"x":null},"\ud800":1e400}}""");

        var changed = sent with { Sdp = null, HandleId = 6 };

        changed.Json.IsEmpty.Should().BeTrue("it is not what Janus sent");
        changed.ToJson().Should().Be(
            """{"type":8,"handle_id":6,"event":{"owner":"local","jsep":{"type":"offer","e2ee":true,"x":null},"\ud800":1e400},"more":[1,2.50],"session_id":"abc"}""");
        (changed with { SessionId = 7, SdpType = null, Owner = null }).ToJson().Should().Be(
            """{"type":8,"session_id":7,"handle_id":6,"event":{"jsep":{"e2ee":true,"x":null},"\ud800":1e400},"more":[1,2.50]}""");
        sent.ToJson().Should().StartWith("""{"type":8,"more":[1,2.50],"session_id":"abc",""", "the original is as it was");
        (Read(SampleEvents.Json("DtlsEvent")) with { OpaqueId = null }).ToJson().Should().NotContain("opaque_id").And.NotContain("user-9");
    }

    [Fact]
    public void Parts_of_combined_statistics_become_one_event_again()
    {
        const string Combined = """{"type":32,"subtype":3,"session_id":1,"event":[{"media":"audio","lost":1,"new":[1]},{"media":"video","lost":"2"},{"media":"data"}]}""";
        var parts = _parser.Parse(Encoding.UTF8.GetBytes(Combined)).Events.Cast<MediaStatsEvent>().ToList();
        SessionEvent between = new() { SessionId = 9 };

        parts[1].ToJson().Should().Be(Combined, "that is the event it came in");
        Body([.. parts]).Should().Be($"[{Combined}]");
        Body([parts[0], parts[1] with { Media = "screen" }, parts[2]]).Should().Be($"[{Combined.Replace("video", "screen", StringComparison.Ordinal)}]");
        Body([parts[0], parts[2]]).Should().Be(
            """[{"type":32,"subtype":3,"session_id":1,"event":[{"media":"audio","lost":1,"new":[1]}]},{"type":32,"subtype":3,"session_id":1,"event":[{"media":"data"}]}]""");
        Body([between, .. parts, between]).Should().Be($"[{between.ToJson()},{Combined},{between.ToJson()}]");
    }

    [Fact]
    public void A_body_of_events_made_by_code_is_one_like_those_received()
    {
        JanusEvent[] events = [new DtlsEvent { SessionId = 1, State = "connected" }, new MediaStatsEvent { Media = "audio", Part = 0, Rtt = 5 }];

        var body = ReceivedBody.FromEvents(events, DateTimeOffset.UnixEpoch, "192.0.2.7");

        body.Events.Select(e => e.GetType()).Should().Equal(events.Select(e => e.GetType()));
        body.Events.Select(e => e.ToJson()).Should().Equal(events.Select(e => e.ToJson()));
        body.Events.Should().OnlyContain(e => !e.Json.IsEmpty);
        body.Should().BeEquivalentTo(new { IsUsable = true, RemoteAddress = "192.0.2.7", ArrivedAt = DateTimeOffset.UnixEpoch });
        body.Hash.ToArray().Should().Equal(ReceivedBody.FromEvents(events, DateTimeOffset.UnixEpoch.AddDays(1)).Hash.ToArray());
        new EventBatch([body]).Should().HaveCount(2);
        ReceivedBody.FromEvents([], DateTimeOffset.UnixEpoch).IsUsable.Should().BeTrue();
    }

    [Fact]
    public void What_is_no_event_of_its_record_is_refused_at_once()
    {
        Refusal([new SessionEvent(), new DtlsEvent { Subtype = 1 }]).Should().Contain("place 1").And.Contain("DtlsEvent");
        Refusal([new PluginEvent { Data = Raw("{\"a\":") }]).Should().Contain("place 0").And.Contain("raw JSON");

        var made = () => new ReceivedBody(
            Encoding.UTF8.GetBytes("[]"), new ParsedBody([new DtlsEvent()], []), DateTimeOffset.UnixEpoch, null);
        made.Should().Throw<ArgumentException>().WithMessage("*DtlsEvent*ReceivedBody.FromEvents*");

        static string Refusal(JanusEvent[] events) =>
            FluentActions.Invoking(() => ReceivedBody.FromEvents(events, DateTimeOffset.UnixEpoch)).Should().Throw<ArgumentException>().Which.Message;
    }

    private static RawJson Raw(string json) => new(Encoding.UTF8.GetBytes(json));

    private static string Body(JanusEvent[] events) => Encoding.UTF8.GetString(ReceivedBody.FromEvents(events, DateTimeOffset.UnixEpoch).Json.Span);

    private static string Compact(JsonElement sent) => new RawJson(Encoding.UTF8.GetBytes(sent.GetRawText())).ToCompactString();

    /// <summary>What user code makes of an event: a new one with the values of its public properties.</summary>
    private static JanusEvent FromProperties(JanusEvent e)
    {
        var copy = (JanusEvent)Activator.CreateInstance(e.GetType())!;
        foreach (var property in e.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            property.SetValue(copy, property.GetValue(e));
        return copy;
    }

    private JanusEvent Read(string json) => _parser.Parse(Encoding.UTF8.GetBytes(json)).Events.Should().ContainSingle().Which;
}
