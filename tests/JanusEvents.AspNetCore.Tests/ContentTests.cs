using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>What the content of a body gets for an answer.</summary>
public sealed class ContentTests
{
    private const string Secret = "s3cret-t0ken";

    public static TheoryData<string, byte[], string> Unusable => new()
    {
        { "nothing", [], "empty" },
        { "white space", "  \r\n"u8.ToArray(), "empty" },
        { "no JSON", Utf8($"hello {Secret}"), "neither" },
        { "a number", "17"u8.ToArray(), "neither" },
        { "a text", Utf8($"\"{Secret}\""), "neither" },
        { "cut inside an event", Utf8($$"""[{"type":1,"event":{"name":"{{Secret}}"""), "ends inside" },
        { "no events", Utf8($$"""[1,"{{Secret}}",null,[]]"""), "not a JSON object" },
        { "an object of something else", Utf8($$"""{"hello":"{{Secret}}"}"""), "type" },
        { "a type of a wrong type", Utf8($$"""{"type":"{{Secret}}"}"""), "type" },
        { "invalid UTF-8", [.. "[{\"type\":1,\"event\":{\"name\":\""u8, 0xc3, 0x28, .. "\"}}]"u8], "UTF-8" },
        { "100,000 levels", Nested(100_000), "deep" },
        { "100,000 levels and no end", Utf8(new string('[', 100_000)), "not a JSON object" },
        { "a broken gzip header", [0x1f, 0x8b, 1, 2, 3, 4], "gzip" },
        { "the beginning of gzip", [0x1f, 0x8b], "gzip" },
        { "a broken gzip stream", Damaged(Gzip(Utf8(EndpointHost.OneEvent))), "gzip" },
        { "a cut gzip stream", Gzip(Utf8(EndpointHost.OneEvent))[..^12], "gzip" },
        { "a gzip stream without its last byte", Gzip(Utf8(EndpointHost.OneEvent))[..^1], "gzip" },
        { "gzip of nothing", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], "empty" },
        { "gzip of no JSON", Gzip(Utf8($"hello {Secret}")), "neither" },
    };

    public static TheoryData<string, byte[], int> Usable => new()
    {
        { "one event", Utf8(EndpointHost.OneEvent), 1 },
        { "one event without an array", Utf8(EndpointHost.OneEvent[1..^1]), 1 },
        { "2,000 levels", Nested(2_000), 1 },
        { "a broken one between good ones", Utf8("""[{"type":1,"event":{"name":"created"}},{"type":1,,},{"type":1,"event":{"name":"destroyed"}}]"""), 2 },
        { "a good one, and no end", Utf8("""[{"type":1,"event":{"name":"created"}},{"type":2,"ev"""), 1 },
        { "a good one among other things", Utf8($$$"""[null,{"type":1,"event":{"name":"created"}},"{{{Secret}}}"]"""), 1 },
        { "invalid UTF-8 beside a good one", [.. "[{\"type\":1,\"event\":{\"name\":\""u8, 0xff, .. "\"}},{\"type\":1,\"event\":{\"name\":\"created\"}}]"u8], 1 },
        { "lines", Utf8("{\"type\":1,\"event\":{}}\n[{\"type\":2},{\"type\":4}]\r\n\r\n"), 3 },
        { "lines with a broken one", Utf8("{\"type\":1,\"event\":{}}\n{\"type\":2,\"ev\n{\"type\":4}\n"), 2 },
        { "an unknown type", Utf8("""{"type":4096,"event":{"new":true}}"""), 1 },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Where_nothing_can_be_used_the_answer_says_what_and_where(string what, byte[] body, string reason)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(body);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, what);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        string text = await answer.Content.ReadAsStringAsync();
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("title").GetString().Should().NotBeEmpty();
        problem.GetProperty("status").GetInt32().Should().Be(400);
        problem.GetProperty("detail").GetString().Should().Contain("offset");
        JsonElement first = problem.GetProperty("rejected")[0];
        first.GetProperty("offset").GetInt32().Should().BeInRange(0, body.Length);
        first.GetProperty("reason").GetString().Should().Contain(reason);
        text.Should().NotContain(Secret);
        host.Sink.Stored.Should().ContainSingle("what was rejected is handed on all the same").Which.Rejected.Should().NotBeEmpty();
        host.Log.OfId(3001).Should().NotBeEmpty().And.OnlyContain(entry => entry.Level == LogLevel.Warning);
        NothingOfTheBodyIsLogged(host);
        await TheNextBodyIsTaken(host);
    }

    [Theory]
    [MemberData(nameof(Usable))]
    public async Task What_can_be_used_is_stored_and_the_rest_logged(string what, byte[] body, int events)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(body);

        answer.StatusCode.Should().Be(HttpStatusCode.OK, what);
        ReceivedBody stored = host.Sink.Stored.Should().ContainSingle().Subject;
        stored.Events.Should().HaveCount(events);
        host.Log.OfId(3001).Should().HaveCount(stored.Rejected.Count);
        foreach (RejectedElement piece in stored.Rejected)
            host.Log.OfId(3001).Should().Contain(entry => entry.Message.Contains(piece.Reason, StringComparison.Ordinal) && entry.Message.Contains("127.0.0.1"));
        NothingOfTheBodyIsLogged(host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_are_one_body_and_their_rows_come_in_its_order(bool gzip)
    {
        using TemporaryFolder folder = new();
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddJanusEvents().AddSqlite($"Data Source={Path.Combine(folder.Path, "lines.db")};Pooling=False"));
        string lines = string.Join("\r\n", Enumerable.Range(1, 50).Select(n => n % 7 == 0 ? $"broken {n}"
            : n % 3 == 0 ? $$$"""[{"type":1,"session_id":{{{n}}},"event":{"name":"created"}},{"type":2,"session_id":{{{n}}},"handle_id":5,"event":{"name":"attached","plugin":"p"}}]"""
            : $$$"""{"type":1,"session_id":{{{n}}},"event":{"name":"created"}}""")) + "\r\n\r\n{\"type\":1,\"session_id\":51,\"ev";

        using HttpResponseMessage answer = await host.PostAsync(gzip ? Gzip(Utf8(lines)) : Utf8(lines));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        List<long?> sessions = [];
        await foreach (JanusEvent stored in host.Services.GetRequiredService<IEventStore>().ReadAsync(new EventQuery()))
            sessions.Add(stored.SessionId);
        sessions.Should().Equal(Enumerable.Range(1, 50).Where(n => n % 7 != 0).SelectMany(n => Enumerable.Repeat((long?)n, n % 3 == 0 ? 2 : 1)));
        ReceivedBody body = host.Sink.Stored.Should().ContainSingle().Subject;
        body.Rejected.Select(piece => piece.Offset).Should().BeInAscendingOrder().And.HaveCount(8);
        body.Rejected.Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span)).Should().Equal(
            ["broken 7", "broken 14", "broken 21", "broken 28", "broken 35", "broken 42", "broken 49", "{\"type\":1,\"session_id\":51,\"ev"]);
    }

    [Fact]
    public async Task Lines_in_a_message_of_a_WebSocket_are_one_body_too()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => app.MapJanusEventsWebSocket());
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync($"{WebSocketSender.Group(1, 2)}\nbroken\n{WebSocketSender.Group(3)}\n");

        await Wait.UntilAsync(() => host.Sink.Stored.Count == 1, Wait.Limit, "the message to be stored");
        host.Sink.Events.Select(e => e.SessionId).Should().Equal(1, 2, 3);
        host.Sink.Stored.Single().Rejected.Should().ContainSingle();
    }

    [Fact]
    public async Task Many_rejected_pieces_of_a_body_are_logged_in_few_lines()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync($"[{string.Join(',', Enumerable.Repeat("1", 500))}]");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        host.Log.OfId(3001).Should().HaveCount(10);
        host.Log.OfId(3002).Should().ContainSingle().Which.Message.Should().Contain("490");
        JsonElement problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("rejected").GetArrayLength().Should().Be(100);
        problem.GetProperty("detail").GetString().Should().Contain("500");
    }

    [Fact]
    public async Task A_rejected_body_is_not_answered_before_it_is_stored()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new() { AnswerTimeout = TimeSpan.FromSeconds(2) });
        host.Sink.Failure = new InvalidOperationException("the database is away");

        Func<Task> post = () => host.PostAsync("nonsense");

        await post.Should().ThrowAsync<HttpRequestException>();
    }

    [Theory]
    [InlineData("gzip", "application/json")]
    [InlineData("x-gzip", null)]
    [InlineData("GZIP", null)]
    [InlineData(null, "application/gzip")]
    [InlineData(null, "application/json")]
    [InlineData("identity", null)]
    public async Task Gzip_is_told_by_its_bytes(string? contentEncoding, string? contentType)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(Gzip(Utf8(EndpointHost.OneEvent)), contentEncoding, contentType);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        Encoding.UTF8.GetString(host.Sink.Stored.Single().Json.Span).Should().Be(EndpointHost.OneEvent);
    }

    [Fact]
    public async Task The_old_form_with_a_NUL_after_the_JSON_is_understood()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(Gzip([.. Utf8(EndpointHost.OneEvent), 0]), contentType: "application/gzip");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
        host.Sink.Stored.Single().Rejected.Should().BeEmpty();
    }

    [Fact]
    public async Task What_Janus_itself_compressed_is_understood()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        CapturedBody[] bodies = [.. Captures.Bodies("08-compress")];

        foreach (CapturedBody body in bodies)
            (await host.PostAsync(body.Bytes, "gzip", "application/json")).StatusCode.Should().Be(HttpStatusCode.OK);

        host.Sink.Stored.Select(body => body.Json.ToArray()).Should().BeEquivalentTo(
            bodies.Select(body => body.Json), options => options.WithStrictOrdering());
    }

    [Fact]
    public async Task A_compressed_and_an_uncompressed_body_are_the_same_body()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        await host.PostAsync(EndpointHost.OneEvent);
        await host.PostAsync(Gzip(Utf8(EndpointHost.OneEvent)));

        host.Sink.Stored[0].Hash.ToArray().Should().Equal(host.Sink.Stored[1].Hash.ToArray());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, gzip")]
    public async Task Other_encodings_are_refused(string contentEncoding)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(Utf8(EndpointHost.OneEvent), contentEncoding);

        answer.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetInt32().Should().Be(415);
        host.Sink.Begun.Should().Be(0);
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Nested(int levels) =>
        Utf8("[{\"type\":4,\"event\":{\"data\":" + new string('[', levels - 3) + new string(']', levels - 3) + "}}]");

    private static byte[] Damaged(byte[] gzip)
    {
        gzip[gzip.Length / 2] ^= 0x55;
        return gzip;
    }

    private static void NothingOfTheBodyIsLogged(EndpointHost host) =>
        host.Log.Entries.Where(entry => entry.Level >= LogLevel.Information)
            .Should().NotContain(entry => entry.Message.Contains(Secret, StringComparison.Ordinal));

    private static async Task TheNextBodyIsTaken(EndpointHost host) =>
        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
}
