using System.Text;
using JanusEvents.Events;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Tests;

/// <summary>The tables follow the descriptions of the kinds.</summary>
public sealed class EventTablesTests
{
    public static TheoryData<string> Kinds => [.. EventKinds.All.Where(kind => kind != UnknownEvent.Description).Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_value_of_a_kind_has_its_column(string name)
    {
        var kind = EventKinds.All.Single(k => k.Name == name);

        EventTables.For(kind.Record).EventColumns.Select(column => (column.Name, column.Path))
            .Should().Contain(kind.Values.Select(value => (value.Column, value.Path)));
    }

    [Theory]
    [InlineData(2, null, """{"name":"attached","plugin":"janus.plugin.echotest","opaque_id":"user-9","token":"s3cret"}""")]
    [InlineData(8, null, """{"owner":"remote","jsep":{"type":"offer","sdp":"v=0"}}""")]
    [InlineData(16, 3, """{"remote-candidate":"2 1 udp 1 198.51.100.7 61000","stream_id":1,"component_id":1}""")]
    [InlineData(16, 4, """{"selected-pair":"a <-> b","candidates":{"local":{"address":"192.0.2.1","port":5,"type":"host","transport":"udp","family":4}},"stream_id":1,"component_id":2}""")]
    [InlineData(16, 5, """{"dtls":"trying","stream_id":1,"component_id":1,"retransmissions":3}""")]
    [InlineData(32, 1, """{"media":"video","mid":"1","substream":2,"receiving":false,"seconds":5}""")]
    [InlineData(32, 2, """{"media":"audio","mid":"0","slow_link":"uplink","lost_lastsec":8}""")]
    [InlineData(32, 3, """{"mid":"0","mindex":0,"media":"video","codec":"vp8","base":90000,"rtt-values":{"ntp":1,"lsr":2},"lost":-3,"packets-received":4,"packets-sent":5}""")]
    [InlineData(128, null, """{"transport":"janus.transport.http","id":"7","data":{"event":"request"}}""")]
    public void What_a_row_gives_back_has_the_order_in_which_Janus_writes(int type, int? subtype, string body)
    {
        var withSubtype = subtype is null ? "" : $"\"subtype\":{subtype},";
        var json = $"{{\"emitter\":\"janus\",\"type\":{type},{withSubtype}\"timestamp\":1733000000123457,\"session_id\":42,\"handle_id\":81,\"event\":{body}}}";
        var e = new JanusEventParser().Parse(Encoding.UTF8.GetBytes(json)).Events.Single();
        var table = EventTables.For(e);

        var written = EventJson.Write(table, [EventRow.Of(e, TableLayout.Complete(table), 1).Values], out var fault);

        fault.Should().BeNull();
        Encoding.UTF8.GetString(written.Span).Should().Be(json);
    }
}
