using System.Text;
using JanusEvents.Redaction;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>What cannot be a row is kept as bytes, and costs its neighbours nothing.</summary>
public abstract class RejectionTests(TestStores stores) : StoreTests(stores)
{
    [Fact]
    public async Task Pieces_that_are_no_events_are_kept_with_reason_place_sender_and_bytes()
    {
        var json = Encoding.UTF8.GetBytes($"[{Bodies.Session(1)}, 17, {Bodies.Session(2)}, {{\"type\":\"?\"}}, {{\"a\":\"");
        byte[] bytes = [.. json, 0xff, 0xfe, (byte)'"', (byte)'}', (byte)']'];
        var body = Bodies.OfBytes(bytes, from: "2001:db8::7");
        body.Rejected.Should().HaveCount(3);
        var host = await StartHostAsync();

        await host.WriteAsync(body);

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2");
        var rows = await Store.QueryAsync(
            $"SELECT {Store.Hex("hash")}, place, part, parts, remote, reason, {Store.Hex("bytes")}, arrived FROM rejected ORDER BY id");
        rows.Should().HaveCount(3);
        for (var i = 0; i < 3; i++)
        {
            var piece = body.Rejected[i];
            rows[i].Should().Equal(
                Convert.ToHexStringLower(body.Hash.Span),
                $"{piece.Offset}",
                "1",
                "1",
                "2001:db8::7",
                piece.Reason,
                Convert.ToHexStringLower(piece.Bytes.Span),
                $"{body.ArrivedAt:yyyy-MM-dd HH:mm:ss.ffffff}");
        }
    }

    [Fact]
    public async Task Pieces_of_a_body_without_secrets_have_reason_size_and_hash_only()
    {
        var sent = Bodies.OfText($"[{Bodies.Session(1)}, \"a token\", {{\"token\":\"cut");
        var host = await StartHostAsync();

        await host.WriteAsync(BodyRedaction.Of(new RedactionOptions { Tokens = true })!.Redact(sent));

        (await ColumnAsync("SELECT session FROM sessions")).Should().Equal("1");
        var rows = await Store.QueryAsync($"SELECT {Store.Hex("hash")}, place, part, parts, reason, size, bytes FROM rejected ORDER BY id");
        rows.Select(row => string.Join('|', row)).Should().Equal(sent.Rejected.Select(piece =>
            $"{Convert.ToHexStringLower(sent.Hash.Span)}|{piece.Offset}|1|1|{piece.Reason}|{piece.Bytes.Length}|"));
        rows.Should().HaveCountGreaterThan(1);
        host.Log.From(Microsoft.Extensions.Logging.LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_without_any_event_is_kept_whole()
    {
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.OfText("that is no JSON"), Bodies.OfBytes([], from: null), Bodies.OfText("[]"));

        (await Store.QueryAsync($"SELECT remote, {Store.Hex("bytes")} FROM rejected ORDER BY id")).Should().BeEquivalentTo(
            new string?[][] { ["192.0.2.7", Convert.ToHexStringLower("that is no JSON"u8)], [null, ""] },
            o => o.WithStrictOrdering());
        (await CountAsync("hashes")).Should().Be(3);
    }

    [Fact]
    public async Task A_sender_whose_address_is_longer_than_its_column_blocks_nothing()
    {
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.OfBytes("17"u8.ToArray(), from: new string('x', 300)));

        (await ColumnAsync("SELECT remote FROM rejected")).Should().Equal(new string('x', 255));
    }
}
