using System.Text;
using JanusEvents.Rooms;

namespace JanusEvents.Core.Tests.Rooms;

/// <summary>The facts of each plugin's events.</summary>
public sealed class FactReaderTests
{
    [Theory]
    [InlineData("""{"event":"created","room":1}""", "created room=1 elsewhere")]
    [InlineData("""{"event":"destroyed","room":"a"}""", "emptied room=a elsewhere")]
    [InlineData("""{"event":"joined","room":1,"id":2,"private_id":3,"display":"Anna"}""", "joined room=1 participant=2 display=Anna private=3")]
    [InlineData("""{"event":"joined","id":2}""", "")]
    [InlineData("""{"event":"leaving","room":1,"id":2}""", "left room=1 participant=2")]
    [InlineData("""{"event":"kicked","room":1,"id":2}""", "left room=1 participant=2 elsewhere")]
    [InlineData("""{"event":"published","room":1,"id":2}""", "published room=1 participant=2")]
    [InlineData("""{"event":"unpublished","room":1,"id":2}""", "unpublished room=1 participant=2")]
    [InlineData("""{"event":"subscribing","room":1,"feed":2,"private_id":3}""", "joined room=1 private=3; subscribed room=1 peer=2 private=3")]
    [InlineData("""{"event":"subscribing","room":1,"streams":[{"feed_id":2,"feed_display":"Anna"},{"feed_id":2},{"feed_id":4}]}""", "joined room=1; subscribed room=1 peer=2 display=Anna; subscribed room=1 peer=4")]
    [InlineData("""{"event":"subscribed","room":1,"streams":[{"source_ids":["a","b"]},{"feed_id":0}]}""", "subscribed room=1 peer=a; subscribed room=1 peer=b")]
    [InlineData("""{"event":"subscribed","room":1}""", "")]
    [InlineData("""{"event":"unsubscribed","room":1,"feed":2}""", "unsubscribed room=1 peer=2")]
    [InlineData("""{"event":"unsubscribed"}""", "unsubscribed")]
    [InlineData("""{"event":"updated","room":1,"streams":[{"feed_id":2}]}""", "updated room=1; subscribed room=1 peer=2")]
    [InlineData("""{"event":"updated","room":1,"streams":[]}""", "updated room=1")]
    [InlineData("""{"event":"updated","room":1,"id":2,"streams":[{"feed_id":2}]}""", "reported room=1 participant=2")]
    [InlineData("""{"event":"switched","room":1,"feed":2}""", "updated room=1; subscribed room=1 peer=2")]
    [InlineData("""{"event":"switched","room":1}""", "reported room=1 elsewhere")]
    [InlineData("""{"event":"configured","room":1,"id":2}""", "reported room=1 participant=2")]
    [InlineData("""{"videoroom":"talking","room":1,"id":2}""", "reported room=1 participant=2")]
    [InlineData("""{"videoroom":"stopped-talking","room":1,"id":2}""", "reported room=1 participant=2")]
    [InlineData("""{"event":"anything","room":1}""", "reported room=1 elsewhere")]
    [InlineData("""{"event":"joined","room":0,"id":2}""", "")]
    public void Of_the_VideoRoom(string data, string facts) => Facts("videoroom", data).Should().Be(facts);

    [Theory]
    [InlineData("""{"event":"joined","room":1,"id":2,"display":"Anna"}""", "joined room=1 participant=2 display=Anna")]
    [InlineData("""{"audiobridge":"left","room":1,"id":2}""", "left room=1 participant=2")]
    [InlineData("""{"event":"kicked","room":1,"id":2}""", "left room=1 participant=2 elsewhere")]
    [InlineData("""{"event":"kicked_all","room":1}""", "emptied room=1 elsewhere")]
    [InlineData("""{"event":"kicked","room":1}""", "emptied room=1 elsewhere")]
    [InlineData("""{"event":"destroyed","room":1,"id":2}""", "emptied room=1 elsewhere")]
    [InlineData("""{"audiobridge":"stopped-talking","room":1,"id":2}""", "reported room=1 participant=2")]
    [InlineData("""{"audiobridge":"talking","room":1,"id":2}""", "reported room=1 participant=2")]
    [InlineData("""{"event":"configured","room":1,"id":2}""", "reported room=1 participant=2")]
    [InlineData("""{"event":"other","room":1,"id":2}""", "reported room=1 participant=2 elsewhere")]
    [InlineData("""{"event":"created","room":1,"id":2}""", "created room=1 elsewhere")]
    [InlineData("""{"event":"left","id":2}""", "")]
    public void Of_the_AudioBridge(string data, string facts) => Facts("audiobridge", data).Should().Be(facts);

    [Theory]
    [InlineData("""{"event":"join","room":1,"username":"a","display":"Anna"}""", "joined room=1 participant=a display=Anna")]
    [InlineData("""{"textroom":"leave","room":1,"username":"a"}""", "left room=1 participant=a")]
    [InlineData("""{"event":"kicked","room":1,"username":"a"}""", "left room=1 participant=a elsewhere")]
    [InlineData("""{"event":"created","room":1,"username":"a"}""", "created room=1 elsewhere")]
    [InlineData("""{"event":"message","room":1}""", "reported room=1 elsewhere")]
    public void Of_the_TextRoom(string data, string facts) => Facts("textroom", data).Should().Be(facts);

    [Theory]
    [InlineData("""{"status":"starting","id":1}""", "joined room=1")]
    [InlineData("""{"status":"started","id":1}""", "joined room=1")]
    [InlineData("""{"status":"switching","id":2}""", "joined room=2")]
    [InlineData("""{"status":"starting"}""", "joined")]
    [InlineData("""{"status":"stopping"}""", "left")]
    [InlineData("""{"status":"pausing","id":1}""", "reported room=1")]
    [InlineData("""{"event":"created","id":1}""", "created room=1 elsewhere")]
    [InlineData("""{"event":"kicked_all","id":1}""", "emptied room=1 elsewhere")]
    [InlineData("""{"event":"other","id":1}""", "reported room=1 elsewhere")]
    public void Of_streaming(string data, string facts) => Facts("streaming", data).Should().Be(facts);

    [Theory]
    [InlineData("""{"event":"registered","identity":"sip:a@b"}""", "registered participant=sip:a@b")]
    [InlineData("""{"event":"calling","callee":"sip:c@d","call-id":"x"}""", "joined room=x peer=sip:c@d")]
    [InlineData("""{"event":"incomingcall","username":"sip:c@d","displayname":"Anna","call-id":"x"}""", "joined room=x peer=sip:c@d display=Anna")]
    [InlineData("""{"event":"accepted","call-id":"x"}""", "accepted room=x")]
    [InlineData("""{"event":"hangup","call-id":"x"}""", "left room=x")]
    [InlineData("""{"event":"declined"}""", "left")]
    [InlineData("""{"event":"declined","refer_id":7,"call-id":"x"}""", "reported room=x")]
    [InlineData("""{"event":"declined","refer_id":7}""", "")]
    [InlineData("""{"event":"dtmf"}""", "")]
    public void Of_SIP(string data, string facts) => Facts("sip", data).Should().Be(facts);

    [Theory]
    [InlineData("nosip", """{"event":"generated","unique_id":"x"}""", "joined room=x")]
    [InlineData("nosip", """{"event":"hangingup","unique_id":"x"}""", "")]
    [InlineData("videocall", """{"event":"registered","username":"a"}""", "registered participant=a")]
    [InlineData("videocall", """{"event":"calling"}""", "joined")]
    [InlineData("videocall", """{"event":"accepted"}""", "joined; accepted")]
    [InlineData("videocall", """{"event":"hangup"}""", "left")]
    [InlineData("videocall", """{"event":"other"}""", "")]
    [InlineData("recordplay", """{"event":"playout","id":1}""", "joined room=1")]
    [InlineData("recordplay", """{"event":"recording"}""", "")]
    [InlineData("recordplay", """{"event":"stopped"}""", "left")]
    [InlineData("recordplay", """{"event":"configured","id":1}""", "reported room=1")]
    [InlineData("echotest", """{"event":"joined","room":1,"id":2}""", "")]
    public void Of_other_plugins(string plugin, string data, string facts) => Facts(plugin, data).Should().Be(facts);

    [Theory]
    [InlineData("""{"event":"joined","room":true,"id":2}""", "")]
    [InlineData("""{"event":"joined","room":"1","id":[2],"private_id":0}""", "joined room=1")]
    [InlineData("""{"event":"joined","room":1,"id":2.50,"private_id":"3"}""", "joined room=1 participant=2.50")]
    [InlineData("""{"event":{"x":"joined"},"room":1}""", "reported room=1 elsewhere")]
    [InlineData("""{"event":"joined","room":1,"display":"\ud800"}""", "joined room=1")]
    [InlineData("""["joined"]""", "")]
    [InlineData("\"joined\"", "")]
    public void A_value_of_another_form_counts_as_absent(string data, string facts) => Facts("videoroom", data).Should().Be(facts);

    [Theory]
    [InlineData("""{"type":2,"timestamp":1,"event":{"name":"detached","plugin":"janus.plugin.sip"}}""", "detached")]
    [InlineData("""{"type":2,"timestamp":1,"event":{"name":"detached"}}""", "detached")]
    [InlineData("""{"type":2,"timestamp":1,"event":{"name":"detached","plugin":"janus.plugin.echotest"}}""", "")]
    [InlineData("""{"type":2,"timestamp":1,"event":{"name":"attached","plugin":"janus.plugin.sip"}}""", "")]
    [InlineData("""{"type":1,"timestamp":1,"event":{"name":"destroyed"}}""", "ended")]
    [InlineData("""{"type":1,"timestamp":1,"event":{"name":"timeout"}}""", "ended")]
    [InlineData("""{"type":1,"timestamp":1,"event":{"name":"created"}}""", "")]
    [InlineData("""{"type":16,"subtype":6,"timestamp":1,"event":{"connection":"hangup"}}""", "hungup")]
    [InlineData("""{"type":16,"subtype":6,"timestamp":1,"event":{"connection":"webrtcup"}}""", "")]
    [InlineData("""{"type":256,"timestamp":1,"event":{"status":"started"}}""", "restarted")]
    [InlineData("""{"type":256,"timestamp":1,"event":{"status":"shutdown"}}""", "restarted")]
    [InlineData("""{"type":256,"timestamp":1,"event":{"status":"update"}}""", "")]
    [InlineData("""{"type":1,"event":{"name":"destroyed"}}""", "")]
    [InlineData("""{"type":64,"event":{"plugin":"janus.plugin.videoroom","data":{"event":"joined","room":1}}}""", "")]
    public void Of_ends_and_nothing_without_a_time(string json, string facts) => Read(json).Should().Be(facts);

    [Fact]
    public void A_fact_keeps_the_word_of_Janus_and_the_plugin()
    {
        Fact fact = FactReader.Read(Event(Of("audiobridge", """{"audiobridge":"stopped-talking","room":1}"""))).Should().ContainSingle().Subject;

        fact.Should().Be(new Fact(FactKind.Reported, "stopped-talking") { Plugin = "janus.plugin.audiobridge", Room = "1" });
    }

    private static string Facts(string plugin, string data) => Read(Of(plugin, data));

    private static string Of(string plugin, string data) =>
        $$$"""{"type":64,"timestamp":1,"event":{"plugin":"janus.plugin.{{{plugin}}}","data":{{{data}}}}}""";

    private static string Read(string json) => string.Join("; ", FactReader.Read(Event(json)).Select(Text));

    private static JanusEvent Event(string json) =>
        new JanusEventParser().Parse(Encoding.UTF8.GetBytes(json)).Events.Should().ContainSingle().Subject;

    private static string Text(Fact fact) => string.Concat(
        fact.What,
        Named("room", fact.Room),
        Named("participant", fact.Participant),
        Named("peer", fact.Peer),
        Named("display", fact.Display),
        Named("private", fact.PrivateId),
        fact.OfHandle ? "" : " elsewhere");

    private static string Named(string name, object? value) => value is null ? "" : $" {name}={value}";
}
