using FsCheck;
using FsCheck.Fluent;
using static JanusEvents.Relational.Tests.Generated.JsonGenerator;

namespace JanusEvents.Relational.Tests.Generated;

/// <summary>
/// Makes bodies of events of every kind, in the forms of all releases of Janus and in forms that none has: properties
/// absent, null, doubled, unknown, of another type, in another order, with other white space.
/// </summary>
public static class EventGenerator
{
    private static readonly Gen<Json> s_boolean = Words("true", "false").Select(word => (Json)new JsonToken(((JsonString)word).Pieces[0]));
    private static readonly Gen<Json> s_counter = Integer(0, int.MaxValue);
    private static readonly Gen<Json> s_small = Integer(0, 9);
    private static readonly Gen<Json> s_text = Text.Select(text => (Json)text);
    private static readonly Gen<Json> s_longText = Gen.Frequency((4, s_text), (1, LongText.Select(text => (Json)text)));
    private static readonly Gen<Json> s_place = Integer(0, 2);
    private static readonly Gen<Json> s_media = Words("audio", "video", "data", "unknown", "video-sim1", "video-sim2");

    /// <summary>Ids that Janus makes, that clients choose, and that plugins make with <c>string_ids</c>.</summary>
    private static readonly Gen<Json> s_id = Gen.Frequency(
        (4, Gen.Choose(1, 100).Select(n => (Json)new JsonToken($"{n * 90_071_992_547_409L}"))),
        (2, Integer(1, 3)),
        (1, Gen.Constant<Json>(new JsonToken("9223372036854775807"))));

    private static readonly Gen<Json> s_anyId = Gen.Frequency((3, s_id), (1, s_text));

    private static readonly Gen<Json> s_timestamp = Gen.Frequency(
        (12, Gen.Zip(Gen.Choose(1_480_000_000, 1_790_000_000), Gen.Choose(0, 999_999), (s, us) => $"{s}{us:000000}")),
        (2, Gen.Elements(
            "0", "1", "-1", "-30610224000000000", "-30610224000000001", "-62135596800000000", "-62135596800000001", "253402300799999999",
            "253402300800000000", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1733000000123456.5", "1.733000000123456e15",
            "1733000000123456.0", "1733000000", "951782399999999", "1711846800000000", "1729994400000000")))
        .Select(text => (Json)new JsonToken(text));

    private static readonly Gen<Json> s_candidateOfPair = Object(
        ("address", Words("192.0.2.1", "2001:db8::1", "a.local")),
        ("port", Integer(0, 65_535)),
        ("type", Words("host", "srflx", "prflx", "relay")),
        ("transport", Words("udp", "tcp")),
        ("family", Integer(4, 6)));

    private static readonly Gen<Json> s_stats = Gen.OneOf(
        Object([("mid", Words("0", "1")), ("mindex", s_small), ("media", s_media), .. Counters("packets-received", "packets-sent", "bytes-received", "bytes-sent")]),
        Object([("media", s_media), .. Counters(
            "base", "lsr", "lost", "lost-by-remote", "jitter-local", "jitter-remote", "packets-sent", "packets-received", "bytes-sent", "bytes-received",
            "nacks-sent", "nacks-received")]),
        Object([("media", s_media), ("audio-codec", Words("opus", "pcmu")), ("video-codec", Words("vp8", "h264")), .. Counters("base", "rtt", "remb-bitrate")]),
        Object(
        [
            ("mid", Words("0", "a")), ("mindex", s_small), ("media", s_media), ("codec", Words("opus", "vp8", "av1")), ("base", Integer(8000, 90_000)), ("rtt", s_counter),
            ("rtt-values", Object([.. Counters("ntp", "lsr", "dlsr")])), ("lost", Integer(-9, 9)), ("lost-by-remote", Integer(-9, 9)),
            .. Counters(
                "jitter-local", "jitter-remote", "in-link-quality", "in-media-link-quality", "out-link-quality", "out-media-link-quality",
                "packets-received", "packets-sent", "bytes-received", "bytes-sent", "bytes-received-lastsec", "bytes-sent-lastsec", "nacks-received",
                "nacks-sent", "retransmissions-received"),
        ]));

    private static readonly Gen<Json> s_combinedStats = Gen.Choose(0, 4)
        .SelectMany(count => Gen.ArrayOf(Gen.Frequency((30, s_stats), (1, Odd)), count))
        .Select(parts => (Json)new JsonArray(parts));

    private static readonly Gen<Json> s_publishedStreams = Array(Object(
        ("type", s_media), ("mindex", s_small), ("mid", Words("0", "1")), ("disabled", s_boolean), ("codec", Words("opus", "vp8", "none")),
        ("description", s_text), ("simulcast", s_boolean)));

    private static readonly Gen<Json> s_subscribedStreams = Array(Object(
        ("type", s_media), ("active", s_boolean), ("mindex", s_small), ("mid", Words("0", "1")), ("ready", s_boolean), ("send", s_boolean),
        ("feed_id", s_anyId), ("feed_display", s_text), ("feed_mid", Words("0")), ("source_ids", Array(s_anyId)),
        ("simulcast", Object(("substream", s_small), ("temporal-layer", Integer(-1, 2))))));

    private static readonly (string Plugin, Gen<Json> Data)[] s_plugins =
    [
        ("janus.plugin.videoroom", Data("event", "created edited destroyed subscribed switched", ("room", s_anyId))),
        ("janus.plugin.videoroom", Data("event", "joined published unpublished leaving kicked configured updated", ("room", s_anyId), ("id", s_anyId),
            ("private_id", s_counter), ("display", s_text), ("token", s_text), ("metadata", Any), ("streams", s_publishedStreams))),
        ("janus.plugin.videoroom", Data("event", "subscribing subscribed updated unsubscribed switched", ("room", s_anyId), ("feed", s_anyId),
            ("private_id", s_counter), ("mid", Words("0")), ("streams", s_subscribedStreams))),
        ("janus.plugin.videoroom", Data("videoroom", "talking stopped-talking moderated", ("room", s_anyId), ("id", s_anyId),
            ("audio-level-dBov-avg", Gen.Elements<Json>(new JsonToken("-41.25"), new JsonToken("127.0"))), ("moderation", Words("muted", "unmuted")))),
        ("janus.plugin.videoroom", Data("event", "rtp_forward stop_rtp_forward", ("room", s_anyId), ("publisher_id", s_anyId), ("media", s_media),
            ("stream_id", s_counter), ("host", s_text), ("port", s_counter), ("srtp", s_boolean))),
        ("janus.plugin.audiobridge", Data("event", "created joined configured left kicked kicked_all mute unmute MUTE mute_room suspended destroyed",
            ("room", s_anyId), ("id", s_anyId), ("display", s_text), ("muted", s_boolean), ("setup", s_boolean), ("spatial_position", s_small))),
        ("janus.plugin.audiobridge", Data("audiobridge", "talking stopped-talking", ("room", s_anyId), ("id", s_anyId))),
        ("janus.plugin.textroom", Data("event", "join leave created edited destroyed", ("room", s_anyId), ("username", s_text), ("display", s_text))),
        ("janus.plugin.textroom", Data("textroom", "kicked", ("room", s_anyId), ("username", s_text))),
        ("janus.plugin.streaming", Data("event", "created edited destroyed kicked_all rtsp-disconnected", ("id", s_anyId), ("type", Words("live", "on demand")))),
        ("janus.plugin.streaming", Data("status", "starting started pausing stopping switching", ("id", s_anyId))),
        ("janus.plugin.sip", Data("event", "registered unregistered registration_failed calling incomingcall accepted hangup declined missed_call sip-in sip-out",
            ("call-id", s_text), ("identity", s_text), ("username", s_text), ("callee", s_text), ("caller", s_text), ("displayname", s_text), ("code", s_counter),
            ("reason", s_text), ("headers", Any), ("sdp", s_longText), ("sip", s_longText), ("master_id", s_counter), ("helper", s_boolean))),
        ("janus.plugin.nosip", Data("event", "generated processed rtp_forward", ("type", Words("offer", "answer")), ("sdp", s_longText), ("unique_id", s_text))),
        ("janus.plugin.videocall", Data("event", "registered calling accepted hangup configured", ("username", s_text), ("reason", s_text), ("bitrate", s_counter))),
        ("janus.plugin.echotest", Object(("audio_active", s_boolean), ("video_active", Words("true", "false")), ("bitrate", s_counter),
            ("recording", Object(("audio", s_text))), ("simulcast", Object(("substream", Integer(-1, 2)), ("ssrc-0", s_counter))))),
        ("janus.plugin.recordplay", Data("event", "recording playout playing stopped paused", ("id", s_id), ("is_private", s_boolean), ("audio", s_boolean))),
        ("janus.plugin.voicemail", Data("event", "starting done")),
        ("janus.plugin.echolua", Data("event", "loaded processed", ("script", s_text), ("request", Any))),
        ("some.plugin", Any),
        ("", Odd),
    ];

    private static readonly Gen<Json> s_plugin = Gen.Elements(s_plugins)
        .SelectMany(p => Object(("plugin", Gen.Constant<Json>(JsonString.Of(p.Plugin))), ("data", p.Data)));

    private static readonly Gen<Json> s_transport = Object(
        ("transport", Words("janus.transport.http", "janus.transport.websockets", "janus.transport.pfunix")),
        ("id", Words("0x7fa0c4001230", "17300000000000000001")),
        ("data", Object(
            ("event", Words("request", "connected", "disconnected", "failed")), ("admin_api", s_boolean), ("ip", Words("::ffff:192.0.2.7")), ("port", s_counter),
            ("fd", s_small), ("code", s_small), ("type", Words("SOCK_DGRAM")))));

    private static readonly Gen<Json> s_core = Object(
        ("status", Words("started", "update", "shutdown")),
        ("info", Object(("janus", Words("server_info")), ("version", s_counter), ("sessions", s_small), ("stats-period", s_small), ("plugins", Any))),
        ("signum", Integer(0, 15)));

    /// <summary>Every kind of body, with its type and subtype.</summary>
    private static readonly (int Type, int? Subtype, int Share, Gen<Json> Body)[] s_kinds =
    [
        (1, null, 3, Object(("name", Words("created", "timeout", "destroyed")), ("transport", Object(("transport", Words("janus.transport.http")), ("id", Words("0x7f", "173")))))),
        (2, null, 3, Object(("name", Words("attached", "detached")), ("plugin", Words("janus.plugin.videoroom", "janus.plugin.sip")), ("opaque_id", s_text), ("token", s_text))),
        (4, null, 2, Object(("schema", s_text), ("data", Any))),
        (8, null, 3, Object(("owner", Words("remote", "local", "Remote")), ("jsep", Object(("type", Words("offer", "answer", "OFFER", "rollback")), ("sdp", s_longText))))),
        (16, 1, 2, Object(("ice", Words("connecting", "connected", "failed")), ("stream_id", s_place), ("component_id", s_place))),
        (16, 2, 2, Object(("local-candidate", s_longText), ("stream_id", s_place), ("component_id", s_place))),
        (16, 3, 2, Object(("remote-candidate", s_longText), ("stream_id", s_place), ("component_id", s_place))),
        (16, 4, 3, Object(("selected-pair", Words("192.0.2.1:5 [host,udp] <-> 192.0.2.2:6 [prflx,udp]")),
            ("candidates", Object(("local", s_candidateOfPair), ("remote", s_candidateOfPair))), ("stream_id", s_place), ("component_id", s_place))),
        (16, 5, 2, Object(("dtls", Words("trying", "connected", "failed")), ("stream_id", s_place), ("component_id", s_place), ("retransmissions", s_small))),
        (16, 6, 2, Object(("connection", Words("webrtcup", "hangup")), ("reason", Words("DTLS alert", "Close PC")))),
        (32, 1, 2, Object(("media", s_media), ("mid", Words("0")), ("substream", s_small), ("receiving", s_boolean), ("seconds", s_small))),
        (32, 2, 2, Object(("media", s_media), ("mid", Words("0")), ("slow_link", Words("uplink", "downlink")), ("lost_lastsec", s_small))),
        (32, 2, 1, Object(("media", s_media), ("slow_link", Words("uplink", "downlink")), ("nacks_lastsec", s_small))),
        (32, 3, 8, s_stats),
        (32, 3, 4, s_combinedStats),
        (64, null, 12, s_plugin),
        (128, null, 3, s_transport),
        (256, 1, 2, s_core),
        (256, 2, 1, s_core),
        (512, null, 1, Any),
        (0, 1, 1, s_plugin),
    ];

    private static readonly Gen<Json> s_event = Gen.Frequency(s_kinds.Select(k => (k.Share, Event(k.Type, k.Subtype, k.Body))));

    // What is none: no object, no type, another form of type, no JSON by its grammar, or a depth that no event may have.
    private static readonly Gen<Json> s_noEvent = Gen.OneOf(
        Gen.Elements<Json>(
            new JsonToken("17"), new JsonToken("null"), new JsonToken("true"), new JsonObject([]), new JsonArray([]), JsonString.Of("a,b"),
            new JsonToken("[{\"type\":1}]"), new JsonToken("{\"type\":1,}"), new JsonToken("{\"type\":01}"), new JsonToken("{\"type\":1 \"a\":2}"),
            new JsonToken("{'type':1}"), new JsonToken("{\"type\":1,\"event\":NaN}"), new JsonToken("{\"type\":1,\"event\":\"\\x\"}"),
            new JsonToken($"{{\"type\":1,\"event\":{new string('[', 5_000)}{new string(']', 5_000)}}}")),
        Any,
        Properties(("emitter", s_text), ("timestamp", s_timestamp), ("event", Any)).Select(properties => (Json)new JsonObject(properties)),
        Gen.Elements("\"1\"", "1.0", "1e0", "null", "[1]", "{}", "true", "2147483648", "-2147483649", "-0", "\"\"")
            .Select(type => (Json)new JsonObject([new(JsonString.Of("type"), new JsonToken(type)), new(JsonString.Of("event"), new JsonObject([]))])));

    /// <summary>Bodies of about that many elements, and now and then of one, alone or in an array, or of none.</summary>
    public static Gen<GeneratedBody> Bodies(int elements)
    {
        var gaps = Gen.Frequency<IReadOnlyList<string>>(
            (4, Gen.Constant<IReadOnlyList<string>>([""])),
            (2, Gen.Constant<IReadOnlyList<string>>(["\n   ", "", " "])),
            (2, Gen.Choose(1, 7).SelectMany(count => Gen.ArrayOf(Gen.Elements("", " ", "\t", "\n", "\r\n", "  \n\t "), count)).Select(some => (IReadOnlyList<string>)some)));
        var element = Gen.Frequency((24, s_event), (1, s_noEvent));
        var lists = Gen.Frequency((30, Gen.Constant(elements)), (1, Gen.Choose(0, 3))).SelectMany(count => Gen.ArrayOf(element, count));
        return Gen.Frequency(
            (30, Gen.Zip(lists, gaps, (list, some) => new GeneratedBody(list, some, IsArray: true))),
            (1, Gen.Zip(s_event, gaps, (one, some) => new GeneratedBody([one], some, IsArray: false))));
    }

    private static Gen<Json> Event(int type, int? subtype, Gen<Json> body)
    {
        var rightType = Gen.Constant<Json>(new JsonToken($"{type}"));
        Gen<Json> rightSubtype = Gen.Frequency(
            (8, Gen.Constant<Json>(new JsonToken($"{subtype ?? 1}"))),
            (1, Integer(0, 7)));
        return Properties(
            ("emitter", Words("edge-7", "MyJanusInstance", "")),
            ("subtype", rightSubtype),
            ("timestamp", s_timestamp),
            ("session_id", s_id),
            ("handle_id", s_id),
            ("opaque_id", s_text),
            ("event", body))
            .SelectMany(
                _ => Gen.Choose(0, 9),
                (properties, mood) => mood > 0 && subtype is null ? properties.Where(p => p.Name.Pieces is not ["subtype"]) : properties)
            .SelectMany(properties => Gen.Zip(
                rightType,
                Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 8))),
                (value, place) => (Json)Inserted([.. properties], place, new JsonProperty(JsonString.Of("type"), value))));
    }

    private static JsonObject Inserted(List<JsonProperty> properties, int place, JsonProperty property)
    {
        properties.Insert(Math.Min(place, properties.Count), property);
        return new JsonObject(properties);
    }

    private static Gen<Json> Object(params (string Name, Gen<Json> Usual)[] properties) =>
        Properties(properties).Select(some => (Json)new JsonObject(some));

    private static Gen<Json> Data(string discriminator, string words, params (string Name, Gen<Json> Usual)[] properties) =>
        Object([(discriminator, Words(words.Split(' '))), .. properties]);

    private static Gen<Json> Array(Gen<Json> element) =>
        Gen.Choose(0, 3).SelectMany(count => Gen.ArrayOf(element, count)).Select(elements => (Json)new JsonArray(elements));

    private static IEnumerable<(string Name, Gen<Json> Usual)> Counters(params string[] names) => names.Select(name => (name, s_counter));

    private static Gen<Json> Integer(int least, int most) => Gen.Choose(least, most).Select(n => (Json)new JsonToken($"{n}"));

    private static Gen<Json> Words(params string[] words) => Gen.Elements(words).Select(word => (Json)JsonString.Of(word));

    /// <summary>
    /// The properties of an object: as Janus has them, with some of them absent, or with anything wrong that can be.
    /// </summary>
    private static Gen<JsonProperty[]> Properties(params (string Name, Gen<Json> Usual)[] properties)
    {
        var asJanus = Gen.CollectToArray(properties, p => p.Usual.Select(value => new JsonProperty(JsonString.Of(p.Name), value)));
        var some = Gen.CollectToArray(properties, p => Gen.Frequency(
            (2, p.Usual.Select(value => new JsonProperty[] { new(JsonString.Of(p.Name), value) })),
            (1, Gen.Constant(System.Array.Empty<JsonProperty>())))).Select(parts => parts.SelectMany(part => part).ToArray());
        var odd = Gen.CollectToArray(properties, p => OddProperty(p.Name, p.Usual)).Select(parts => parts.SelectMany(part => part).ToArray());
        return Gen.Frequency(
            (5, asJanus),
            (2, some),
            (2, some.SelectMany(_ => Unknown, (known, unknown) => known.Concat(unknown).ToArray())),
            (3, odd.SelectMany(_ => Unknown, (known, unknown) => known.Concat(unknown).ToArray()).SelectMany(all => Gen.Shuffle(all))));
    }

    private static Gen<JsonProperty[]> OddProperty(string name, Gen<Json> usual)
    {
        var named = Gen.Frequency(
            (20, Gen.Constant(JsonString.Of(name))),
            (1, Gen.Choose(0, name.Length - 1).Select(i => JsonString.Of($"{name[..i]}\\u{(int)name[i]:x4}{name[(i + 1)..]}"))));
        Gen<JsonProperty> With(Gen<Json> value) => Gen.Zip(named, value, (text, v) => new JsonProperty(text, v));
        return Gen.Frequency(
            (20, With(usual).Select(p => new[] { p })),
            (6, Gen.Constant(System.Array.Empty<JsonProperty>())),
            (1, Gen.Constant(new[] { new JsonProperty(JsonString.Of(name), new JsonToken("null")) })),
            (4, With(Odd).Select(p => new[] { p })),
            (1, Gen.Zip(With(usual), With(Gen.Frequency((1, usual), (1, Odd))), (first, second) => new[] { first, second })));
    }
}
