using System.Text.Json.Nodes;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>
/// One event of each kind with everything that any release of Janus ever sent in it, what the recordings lack included:
/// slow links, <c>lsr</c>, <c>rtt-values</c>, <c>substream</c>, <c>seconds</c>, tokens.
/// </summary>
internal static class SampleEvents
{
    private static readonly Dictionary<string, string> s_samples = new()
    {
        ["SessionEvent"] = Envelope(1, null, """{"name":"created","transport":{"transport":"janus.transport.http","id":"18446744073709551615"}}"""),
        ["HandleEvent"] = Envelope(2, null, """{"name":"attached","plugin":"janus.plugin.echolua","opaque_id":"user-9","token":"s3cret"}"""),
        ["ExternalEvent"] = Envelope(4, null, """{"schema":"shop.order","data":{"type":1,"event":[null,1.5,{"a":"b"}]}}"""),
        ["JsepEvent"] = Envelope(8, null, """{"owner":"remote","jsep":{"type":"OFFER","sdp":"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"}}"""),
        ["IceStateEvent"] = Envelope(16, 1, """{"ice":"ready","stream_id":1,"component_id":1}"""),
        ["LocalCandidateEvent"] = Envelope(16, 2, """{"local-candidate":"1 1 udp 2015363327 192.0.2.1 50000 typ host","stream_id":1,"component_id":0}"""),
        ["RemoteCandidateEvent"] = Envelope(16, 3, """{"remote-candidate":"2 1 udp 1 198.51.100.7 61000 typ prflx\r\n","stream_id":1,"component_id":1}"""),
        ["SelectedPairEvent"] = Envelope(16, 4, """
            {"selected-pair":"192.0.2.1:50000 [host,udp] <-> 2001:db8::7:61000 [prflx,udp]","candidates":{
            "local":{"address":"192.0.2.1","port":50000,"type":"host","transport":"udp","family":4},
            "remote":{"address":"2001:db8::7","port":61000,"type":"prflx","transport":"tcp","family":6}},"stream_id":1,"component_id":2}
            """),
        ["DtlsEvent"] = Envelope(16, 5, """{"dtls":"trying","stream_id":1,"component_id":1,"retransmissions":3}"""),
        ["ConnectionEvent"] = Envelope(16, 6, """{"connection":"hangup","reason":"DTLS alert"}"""),
        ["MediaStateEvent"] = Envelope(32, 1, """{"media":"video","mid":"1","receiving":false,"substream":2,"seconds":5}"""),
        ["SlowLinkEvent"] = Envelope(32, 2, """{"media":"audio","mid":"0","slow_link":"uplink","lost_lastsec":8,"nacks_lastsec":9}"""),
        ["MediaStatsEvent"] = Envelope(32, 3, """
            {"mid":"0","mindex":0,"media":"video","codec":"vp8","base":90000,"lsr":4026531840,"rtt":65535000,
            "rtt-values":{"ntp":4294967295,"lsr":4294967294,"dlsr":4294967293},"lost":-3,"lost-by-remote":-4,"jitter-local":5,
            "jitter-remote":6,"in-link-quality":100,"in-media-link-quality":99,"out-link-quality":98,"out-media-link-quality":97,
            "packets-received":4294967295,"packets-sent":10,"bytes-received":18014398509481984,"bytes-sent":11,
            "bytes-received-lastsec":12,"bytes-sent-lastsec":13,"nacks-received":14,"nacks-sent":15,"retransmissions-received":16,
            "remb-bitrate":512000}
            """),
        ["PluginEvent"] = Envelope(64, null, """{"plugin":"janus.plugin.videoroom","data":{"event":"joined","room":"café/😀","id":"1234","private_id":4294967295}}"""),
        ["TransportEvent"] = Envelope(128, null, """{"transport":"janus.transport.websockets","id":"17644238010284840735","data":{"event":"connected","admin_api":false,"ip":"::ffff:192.0.2.7"}}"""),
        ["CoreEvent"] = Envelope(256, 1, """{"status":"update","info":{"sessions":1,"handles":2,"peerconnections":3,"stats-period":1},"signum":15}"""),
    };

    /// <summary>The names of the records, each of which has a sample.</summary>
    public static IReadOnlyCollection<string> Records => s_samples.Keys;

    /// <summary>The sample for a record.</summary>
    public static string Json(string record) => s_samples[record];

    /// <summary>The sample for a record, to be changed.</summary>
    public static JsonObject Node(string record) => JsonNode.Parse(s_samples[record])!.AsObject();

    /// <summary>The table of what the sample's record covers.</summary>
    public static ModelledBody Model(string record)
    {
        using var document = IndependentReading.Read(Utf8(s_samples[record]));
        return ModelledBody.For(document.RootElement)!;
    }

    public static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Envelope(int type, int? subtype, string body) =>
        $$"""
        {"emitter":"edge-7","type":{{type}},{{(subtype is null ? "" : $"\"subtype\":{subtype},")}}"timestamp":1733000000123457,"session_id":4711000000000042,"handle_id":81,"opaque_id":"user-9","event":{{body}}}
        """;
}
