using System.Text;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Receiving;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>The measure of "nothing is lost": what is read back equals what was sent.</summary>
public abstract class RoundTripTests(TestStores stores) : StoreTests(stores)
{
    private const string Envelope = "\"emitter\":\"edge\",\"timestamp\":1782907200123456,\"session_id\":11,\"handle_id\":7,\"opaque_id\":\"me\"";

    /// <summary>Events that do not keep to a form, each a body of its own.</summary>
    private static readonly string[] s_oddEvents =
    [
        """{"type":1}""",
        """{"type":1,"event":{}}""",
        """{"type":1,"event":null}""",
        """{"type":1,"event":[1,{"a":2}],"x":1}""",
        """{"type":1,"event":{"name":"created","transport":{}}}""",
        """{"type":1,"event":{"name":"created","transport":"http"}}""",
        """{"type":1,"event":{"name":"created","transport":{"id":17,"transport":null,"more":[1.50]}}}""",
        $$$"""{"type":1,{{{Envelope}}},"event":{"name":"{{{new string('n', 300)}}}"}}""",
        $$$"""{"type":1,{{{Envelope}}},"event":{"name":"created","other":{"a":[{"b":1e400}]},"name2":"\ud83d\ude00"}}""",
        $$$"""{"type":1,"subtype":5,{{{Envelope}}},"event":{"name":"created"}}""",
        """{"type":1,"session_id":"abc","timestamp":"now","emitter":5,"handle_id":1.5,"event":{"name":1}}""",
        """{"type":1,"session_id":9223372036854775807,"timestamp":-62135596800000000,"event":{"name":"created"}}""",
        """{"type":1,"session_id":9223372036854775808,"timestamp":253402300799999999,"event":{"name":"created"}}""",
        """{"type":1,"session_id":-0,"timestamp":0,"event":{"name":""}}""",
        """{"type":1,"timestamp":253402300800000000,"event":{"name":"created"}}""",
        """{"type":1,"session_id":1,"session_id":2,"event":{"name":"created"}}""",
        """{"type":1,"session_id":1,"event":{"name":"created","name":"destroyed"}}""",
        """{"t\u0079pe":1,"session_i\u0064":1,"event":{"n\u0061me":"created","tr\u0061nsport":{"\u0069d":5}}}""",
        """{"type":1,"event":{"name":"\ud800"},"opaque_id":"\udc00"}""",
        """{"type":1,"event":{"\ud800":1,"name":"created"}}""",
        """{"type":1,"event":{"name":"a\u0000b\u001f\u007f\u2028\uffff"}}""",
        """{"type":2,"session_id":1,"handle_id":2,"opaque_id":"a","event":{"name":"attached","plugin":"p","opaque_id":"b","token":"t","extra":{}}}""",
        """{"type":4,"timestamp":1,"event":{"schema":"s","data":{"a":-0.0,"b":1e+308,"c":0.10000000000000001,"d":null,"e":[],"f":""}}}""",
        """{"type":4,"event":{"schema":null,"data":null}}""",
        """{"type":4,"event":{"data":[ 1 , "a b" , {"c" : "d e"} ]}}""",
        """{"type":8,"event":{"owner":"remote","jsep":{"type":"OFFER","sdp":"v=0\r\n"}}}""",
        $$$"""{"type":8,"event":{"owner":"remote","jsep":{"sdp":"v\u0000{{{new string('0', 600)}}}","type":"offer"}},"x":1}""",
        """{"type":8,"event":{"owner":"nobody","jsep":{"type":"rollback"}}}""",
        """{"type":8,"event":{"owner":"local","jsep":{}}}""",
        """{"type":8,"event":{"owner":"local","jsep":"x"}}""",
        """{"type":8,"event":{"owner":null,"jsep":{"type":null,"sdp":null,"e2ee":true}}}""",
        """{"type":16,"subtype":1,"event":{"ice":"connected","stream_id":1,"component_id":"1"}}""",
        """{"type":16,"subtype":1,"event":{"stream_id":1.0,"component_id":1e0}}""",
        """{"type":16,"event":{"ice":"connected"}}""",
        """{"type":16,"event":{"nothing":"known"}}""",
        """{"type":16,"subtype":7,"event":{"ice":"connected"}}""",
        """{"type":16,"subtype":"1","event":{"ice":"connected"}}""",
        """{"type":16,"subtype":2,"event":{"local-candidate":"","stream_id":1,"component_id":0}}""",
        """{"type":16,"subtype":3,"event":{"remote-candidate":"x","local-candidate":"y"}}""",
        """{"type":16,"subtype":4,"event":{"selected-pair":"a <-> b","candidates":{"local":{"address":"1.2.3.4","port":5},"remote":{}}}}""",
        """{"type":16,"subtype":4,"event":{"selected-pair":"a <-> b","candidates":{}}}""",
        """{"type":16,"subtype":4,"event":{"selected-pair":"a <-> b","candidates":{"local":7,"remote":{"family":"4","more":1}}}}""",
        """{"type":16,"subtype":5,"event":{"dtls":"trying","retransmissions":null}}""",
        """{"type":16,"subtype":6,"event":{"connection":"hangup","reason":""}}""",
        """{"type":32,"subtype":1,"event":{"media":"audio","receiving":"true"}}""",
        """{"type":32,"subtype":1,"event":{"media":"audio","receiving":false,"seconds":3,"substream":2,"mid":"0"}}""",
        """{"type":32,"subtype":2,"event":{"media":"video","slow_link":"uplink","nacks_lastsec":9,"lost_lastsec":"x"}}""",
        """{"type":32,"subtype":3,"event":{"media":"audio","lost":"12","rtt":0.5,"base":null,"rtt-values":{}}}""",
        """{"type":32,"subtype":3,"event":{"media":"audio","audio-codec":"opus","lsr":4294967295,"rtt-values":{"ntp":1,"x":2}}}""",
        """{"type":32,"subtype":3,"event":{"media":"audio","codec":"opus","audio-codec":"pcmu"}}""",
        """{"type":32,"subtype":3,"event":[]}""",
        """{"type":32,"subtype":3,"event":[{"media":"audio"},7]}""",
        """{"type":32,"subtype":3,"event":[{}]}""",
        """{"type":32,"subtype":3,"event":[{},{"media":"video"},{}]}""",
        $$$"""{"type":32,"subtype":3,{{{Envelope}}},"more":1,"event":[{"media":"audio","lost":1,"x":1},{"media":"video","lost":"2"},{"media":"data","rtt-values":{}}]}""",
        """{"type":64,"event":{"plugin":"p","data":null}}""",
        """{"type":64,"event":{"plugin":"p"}}""",
        """{"type":64,"event":{"data":{"videoroom":"talking","audio-level-dBov-avg":-41.25}}}""",
        """{"type":128,"event":{"transport":"t","id":18446744073709551615,"data":"x"}}""",
        """{"type":256,"subtype":1,"event":{"status":"update","info":{"sessions":1}}}""",
        """{"type":256,"event":{"status":null,"signum":"2","info":1}}""",
        """{"type":512,"event":{"what":"ever"}}""",
        """{"type":-1}""",
        """{"type":0,"event":"text"}""",
    ];

    /// <summary>The captures; a derived class may have its own.</summary>
    public static IEnumerable<TheoryDataRow<string>> CaptureNames => Captures.AllWithTheLongOneSlow;

    [Theory]
    [MemberData(nameof(CaptureNames))]
    public async Task Every_event_of_a_capture_that_was_posted_is_read_back_equal_and_in_order(string capture)
    {
        await using var host = await ReceivingHost.StartAsync(Store.AddTo);
        foreach (var body in Captures.Bodies(capture))
            (await host.PostAsync(body.Bytes)).Should().Be(200);

        var read = await host.ReadAsync(new EventQuery());

        var sent = Bodies.OfCapture(capture).SelectMany(b => b.Events).ToList();
        read.Should().HaveCount(sent.Count);
        for (var i = 0; i < sent.Count; i++)
        {
            read[i].GetType().Should().Be(sent[i].GetType());
            ExactJson.Canonical(read[i].Json.Utf8).Should().Be(ExactJson.Canonical(sent[i].Json.Utf8), "that is event {0}", i);
        }
    }

    [Fact]
    public async Task Odd_events_are_read_back_equal()
    {
        var host = await StartHostAsync();
        var events = s_oddEvents;
        foreach (var e in events)
            await host.WriteAsync(Bodies.OfText(e));
        await host.WriteAsync(Bodies.Of([.. events.Select(Again)]));

        var read = (await host.ReadAsync(new EventQuery()))
            .Where(e => (e as MediaStatsEvent)?.Part is null or 0)
            .Select(e => ExactJson.Canonical(e.Json.Utf8))
            .ToList();

        var sent = events.Concat(events.Select(Again))
            .Select(e => ExactJson.Canonical(Encoding.UTF8.GetBytes(e)))
            .ToList();
        for (var i = 0; i < sent.Count; i++)
            read[i].Should().Be(sent[i], "that is event {0}", i);
        read.Should().HaveCount(sent.Count);
        host.Log.From(Microsoft.Extensions.Logging.LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task Statistics_are_read_back_equal_whatever_properties_a_batch_has_none_of()
    {
        string[] properties =
        [
            "lsr", "lost", "lost-by-remote", "jitter-local", "jitter-remote", "packets-sent", "packets-received", "bytes-sent",
            "bytes-received", "nacks-sent", "nacks-received", "rtt", "in-link-quality", "out-link-quality", "mindex", "base",
        ];
        var host = await StartHostAsync();
        List<string> sent = [];
        for (var batch = 0; batch < 8; batch++)
        {
            // Each batch without some that the one before had, and with some that it had not; the last with all.
            var named = properties.Where((_, i) => batch == 7 || (i + batch) % 8 >= batch % 4 + 2).ToList();
            var events = Enumerable.Range(0, 10 + (45 * batch))
                .Select(i => Bodies.Event(
                    32,
                    $"\"subtype\":3,{Bodies.OfHandle(i)}",
                    string.Join(',', named.Where((_, p) => p % 5 != i % 5).Select((name, p) => $"\"{name}\":{(i * 100) + p}").Prepend("\"media\":\"audio\""))))
                .ToArray();
            sent.AddRange(events);
            await host.WriteAsync(Bodies.Of(events));
        }

        var read = (await host.ReadAsync(new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8)).ToList();

        read.Should().Equal(sent.Select(e => ExactJson.Canonical(Encoding.UTF8.GetBytes(e))));
        host.Log.From(Microsoft.Extensions.Logging.LogLevel.Warning).Should().BeEmpty();
    }

    private static string Again(string e) => e[..^1] + ",\"again\":true}";
}
