using System.IO.Compression;
using System.Net;
using System.Text;
using JanusEvents.AspNetCore.Content;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Delivery;
using JanusEvents.Observation;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>A body as gzip of several members (RFC 1952, 2.2), as <c>cat</c>, pigz and some clients make it.</summary>
public sealed class GzipMembersTests
{
    private const string Event = """{"emitter":"edge-7","type":4,"timestamp":1795323726312012,"event":{"schema":"t","data":{}}}""";
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes($"[{Event}]");
    private static readonly byte[] s_random = RandomBytes(200_000);

    public static TheoryData<string, byte[][], byte[]> Whole => new()
    {
        { "two members", [s_body[..50], s_body[50..]], [] },
        { "ten members", [.. s_body.Chunk(s_body.Length / 10 + 1)], [] },
        { "a member for each byte", [.. s_body.Select(b => new[] { b })], [] },
        { "an empty member at the end", [s_body, []], [] },
        { "an empty member at the beginning", [[], s_body], [] },
        { "empty members everywhere", [[], [], s_body[..9], [], [], s_body[9..], [], []], [] },
        { "NULs after one member", [s_body], new byte[1] },
        { "many NULs after one member", [s_body], new byte[3_000] },
        { "NULs after an empty member", [s_body, []], new byte[20] },
        { "NULs after two members", [s_body[..50], s_body[50..]], new byte[512] },
        { "a NUL after the JSON, in the last member", [s_body[..50], [.. s_body[50..], 0]], [] },
    };

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "text after the last member", [.. Gzip(s_body), .. "more"u8] },
        { "NULs and text after the last member", [.. Gzip(s_body), 0, 0, .. "more"u8] },
        { "half a header after the last member", [.. Gzip(s_body), 0x1f, 0x8b] },
        { "a header of no known method after the last member", [.. Gzip(s_body), 0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "NULs between two members", [.. Gzip(s_body[..50]), 0, 0, .. Gzip(s_body[50..])] },
        { "the second member cut", [.. Gzip(s_body[..50]), .. Gzip(s_body[50..])[..^1]] },
        { "the second member cut, and NULs after it", [.. Gzip(s_body[..50]), .. Gzip(s_body[50..])[..^6], .. new byte[100]] },
        { "one member cut, and NULs after it", [.. Gzip(s_body)[..^8], .. new byte[100]] },
        { "a wrong checksum in the first member", Changed([.. Gzip(s_body[..50]), .. Gzip(s_body[50..])], Gzip(s_body[..50]).Length - 6) },
        { "a wrong length in the second member", Changed([.. Gzip(s_body[..50]), .. Gzip(s_body[50..])], ^3) },
        { "10,001 members", [.. Enumerable.Range(0, 10_001).SelectMany(_ => Gzip([]))] },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task Members_are_one_body(string what, byte[][] members, byte[] padding)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync([.. members.SelectMany(Gzip), .. padding], "gzip");

        answer.StatusCode.Should().Be(HttpStatusCode.OK, what);
        ReceivedBody stored = host.Sink.Stored.Should().ContainSingle().Subject;
        stored.Json.ToArray().Should().Equal([.. members.SelectMany(bytes => bytes)]);
        stored.Events.Should().ContainSingle().Which.Json.ToString().Should().Be(Event);
        stored.Rejected.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_or_cut_is_refused_whole_and_kept(string what, byte[] body)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(body, "gzip");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, what);
        ReceivedBody stored = host.Sink.Stored.Should().ContainSingle().Subject;
        stored.Events.Should().BeEmpty();
        stored.Rejected.Should().ContainSingle().Which.Bytes.ToArray().Should().Equal(body);
    }

    [Fact]
    public async Task Bodies_of_an_old_Janus_one_after_the_other_are_one_body()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync([.. Gzip([.. s_body, 0]), .. Gzip([.. s_body, 0])], contentType: "application/gzip");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().HaveCount(2);
        host.Sink.Stored.Single().Rejected.Should().BeEmpty();
    }

    [Fact]
    public async Task A_bomb_of_several_members_is_refused()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { MaxBodyBytes = 100_000 });
        byte[] spaces = Encoding.ASCII.GetBytes(new string(' ', 30_000));

        (await host.PostAsync([.. Gzip(s_body), .. Repeated(spaces, 3)], "gzip")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync([.. Gzip(s_body), .. Repeated(spaces, 4)], "gzip")).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await host.PostAsync([.. Gzip(s_body), .. Repeated(spaces, 1_000)], "gzip")).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_000)]
    [InlineData(8_174)]
    [InlineData(8_192)]
    [InlineData(16_384)]
    [InlineData(200_000)]
    public async Task A_member_of_any_length_ends_where_it_ends(int length)
    {
        // What cannot be compressed takes about as many bytes, so that the members end around the steps in which they are read.
        for (int size = Math.Max(0, length - 40); size <= length; size++)
        {
            byte[] first = s_random[..size];
            byte[] body = [.. Gzip(first), .. Gzip(s_body)];

            (await InflateAsync(body)).Should().Equal([.. first, .. s_body]);
            Func<Task> cut = () => InflateAsync(body[..^1]);
            await cut.Should().ThrowAsync<InvalidDataException>();
        }
    }

    [Fact]
    public async Task Wherever_it_is_cut_it_is_broken_but_between_two_members()
    {
        byte[] first = Gzip(s_body[..50]);
        byte[] body = [.. first, .. Gzip(s_body[50..])];

        for (int length = 2; length < body.Length; length++)
        {
            Func<Task> inflate = () => InflateAsync(body[..length]);
            if (length == first.Length)
                await inflate.Should().NotThrowAsync();
            else
                await inflate.Should().ThrowAsync<InvalidDataException>($"it was cut at {length} of {body.Length}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(31)]
    public async Task Whatever_stands_in_the_header_is_passed_over(byte flags)
    {
        byte[] gzip = Gzip(s_body);
        byte[] member =
        [
            .. gzip[..3], flags, .. gzip[4..10],
            .. (flags & 4) != 0 ? (byte[])[3, 0, 1, 2, 3] : [],
            .. (flags & 8) != 0 ? "a.json\0"u8.ToArray() : [],
            .. (flags & 16) != 0 ? "a comment\0"u8.ToArray() : [],
            .. (flags & 2) != 0 ? (byte[])[7, 7] : [],
            .. gzip[10..],
        ];

        (await InflateAsync([.. member, .. member])).Should().Equal([.. s_body, .. s_body]);
    }

    private static async Task<byte[]> InflateAsync(byte[] body)
    {
        using JanusEventsMeter meter = new();
        using ByteReservation memory = new ByteBudget(1 << 24, meter).Open();
        return (await GzipBody.InflateAsync(body, 1 << 20, memory, TestContext.Current.CancellationToken))!.Value.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        if (bytes.Length > 0)
            return ContentTests.Gzip(bytes);

        // The framework's stream writes nothing at all for nothing.
        return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static IEnumerable<byte> Repeated(byte[] bytes, int times) => Enumerable.Repeat(Gzip(bytes), times).SelectMany(member => member);

    private static byte[] Changed(byte[] bytes, Index place)
    {
        bytes[place] ^= 0x55;
        return bytes;
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(13).NextBytes(bytes);
        return bytes;
    }
}
