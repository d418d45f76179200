using System.IO.Compression;
using System.Net;
using System.Text;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>Middleware of the host in front of the endpoint that reads bodies, or puts others in their place.</summary>
public sealed class ReplacedBodyTests
{
    // Its gzip form is longer than it is itself.
    private const string ShortBody = """[{"emitter":"edge-7","type":1,"timestamp":1795323726312012,"session_id":5976879829026834,"event":{"name":"destroyed"}}]""";

    private static readonly string s_longBody = $"[{string.Join(',', Enumerable.Range(0, 400).Select(n => $$$"""{"type":1,"session_id":{{{n}}},"event":{"name":"created"}}"""))}]";

    public static TheoryData<string, string> Encodings
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string encoding in new[] { "gzip", "br", "deflate", "" })
            {
                data.Add(encoding, ShortBody);
                data.Add(encoding, s_longBody);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_body_that_the_host_decompresses_is_stored(string encoding, string body)
    {
        await using EndpointHost host = await StartDecompressingAsync();
        byte[] compressed = Compress(encoding, body);

        using HttpResponseMessage answer = await host.PostAsync(compressed, encoding.Length == 0 ? null : encoding);
        using HttpResponseMessage chunked = await host.PostAsync(new Chunked(compressed, encoding));
        using HttpResponseMessage http2 = await host.PostHttp2Async(Content(compressed, encoding));

        foreach (HttpResponseMessage each in new[] { answer, chunked, http2 })
            each.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Stored.Should().HaveCount(3).And.OnlyContain(stored => stored.Rejected.Count == 0);
        host.Sink.Stored.Select(stored => Encoding.UTF8.GetString(stored.Json.Span)).Should().OnlyContain(json => json == body);
    }

    [Fact]
    public async Task The_forms_that_the_host_does_not_decompress_are_treated_as_without_it()
    {
        await using EndpointHost host = await StartDecompressingAsync();

        (await host.PostAsync(Compress("gzip", ShortBody))).StatusCode.Should().Be(HttpStatusCode.OK, "no header says that it is gzip");
        (await host.PostAsync(Compress("gzip", ShortBody), "x-gzip")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync(Compress("gzip", ShortBody), "gzip, gzip")).StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await host.PostAsync(Compress("gzip", Encoding.Latin1.GetString(Compress("gzip", ShortBody))), "gzip")).StatusCode
            .Should().Be(HttpStatusCode.OK, "what the host unpacked is gzip itself");
        host.Sink.Events.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_decompressed_body_with_a_broken_event_keeps_its_other_events()
    {
        await using EndpointHost host = await StartDecompressingAsync();
        string body = s_longBody.Replace("\"session_id\":7,", "\"session_id\":,", StringComparison.Ordinal);

        (await host.PostAsync(Compress("gzip", body), "gzip")).StatusCode.Should().Be(HttpStatusCode.OK);

        ReceivedBody stored = host.Sink.Stored.Single();
        stored.Events.Should().HaveCount(399);
        stored.Rejected.Should().ContainSingle();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_the_host_cannot_decompress_is_not_answered(string encoding)
    {
        await using EndpointHost host = await StartDecompressingAsync();
        byte[] broken = Compress(encoding, s_longBody);
        broken.AsSpan(broken.Length / 2, 20).Fill(0x55);

        Func<Task> post = () => host.PostAsync(broken, encoding);

        await post.Should().ThrowAsync<HttpRequestException>();
        host.Sink.Begun.Should().Be(0);
        host.Log.Own.Should().Contain(entry => (entry.Id == 3005 || entry.Id == 3006) && entry.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task The_limit_holds_for_what_the_host_decompresses(string encoding)
    {
        await using EndpointHost host = await StartDecompressingAsync(new JanusEventsEndpointOptions { MaxBodyBytes = 100_000 });

        using HttpResponseMessage atLimit = await host.PostAsync(Compress(encoding, ShortBody.PadRight(100_000)), encoding);
        using HttpResponseMessage over = await host.PostAsync(Compress(encoding, ShortBody.PadRight(100_001)), encoding);
        using HttpResponseMessage farOver = await host.PostAsync(Compress(encoding, ShortBody.PadRight(50_000_000)), encoding);

        atLimit.StatusCode.Should().Be(HttpStatusCode.OK);
        over.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        farOver.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        await Wait.UntilAsync(() => Budget(host).Reserved == 0, Wait.Limit, "the memory to be given back");
    }

    [Fact]
    public async Task A_body_that_decompresses_to_more_than_the_servers_limit_is_stored()
    {
        await using EndpointHost host = await StartDecompressingAsync();

        // Kestrel's limit is 30 MB, and the middleware would take it for its own.
        using HttpResponseMessage answer = await host.PostAsync(Compress("gzip", ShortBody.PadRight(40_000_000)), "gzip");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_memory_of_a_decompressed_body_is_counted_by_what_is_read()
    {
        await using EndpointHost host = await StartDecompressingAsync();
        host.Sink.Hold();

        Task<HttpResponseMessage> post = host.PostAsync(Compress("gzip", ShortBody.PadRight(1_000_000)), "gzip");
        await Testing.Wait.UntilAsync(() => host.Sink.Begun == 1, Testing.Wait.Limit, "the write to begin");

        Budget(host).Reserved.Should().Be(1_000_000);
        host.Sink.Release();
        (await post).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_a_middleware_buffered_is_read_from_its_beginning(bool rewound)
    {
        await using EndpointHost host = await StartAsync(async context =>
        {
            context.Request.EnableBuffering(bufferThreshold: 4_000);
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (rewound)
                context.Request.Body.Position = 0;
        });

        (await host.PostAsync(ShortBody)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync(s_longBody)).StatusCode.Should().Be(HttpStatusCode.OK, "it lies in a file");

        host.Sink.Stored.Select(stored => Encoding.UTF8.GetString(stored.Json.Span)).Should().Equal(ShortBody, s_longBody);
    }

    [Fact]
    public async Task A_body_of_which_a_middleware_that_buffers_has_read_a_part_is_read_from_its_beginning()
    {
        await using EndpointHost host = await StartAsync(async context =>
        {
            context.Request.EnableBuffering();
            await context.Request.Body.ReadExactlyAsync(new byte[20]);
        });

        (await host.PostAsync(s_longBody)).StatusCode.Should().Be(HttpStatusCode.OK);

        host.Sink.Events.Should().HaveCount(400);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_body_that_a_middleware_consumed_is_not_answered_and_the_log_has_the_fix(bool chunked, bool withoutLength)
    {
        await using EndpointHost host = await StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (withoutLength)
                context.Request.ContentLength = null;
        });

        Func<Task> post = () => host.PostAsync(chunked ? new Chunked(Encoding.UTF8.GetBytes(ShortBody), "") : new StringContent(ShortBody));

        await post.Should().ThrowAsync<HttpRequestException>();
        host.Sink.Begun.Should().Be(0);
        host.Log.OfId(3005).Should().ContainSingle().Which.Message.Should().Contain("EnableBuffering()");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(4_096)]
    [InlineData(-1)]
    public async Task A_body_of_which_a_middleware_consumed_a_part_is_not_answered(int read)
    {
        // -1: up to the second event, so that an event stands at the beginning of what is left.
        int length = read > 0 ? read : s_longBody.IndexOf("{\"type\":1,\"session_id\":1,", StringComparison.Ordinal);
        await using EndpointHost host = await StartAsync(async context => await context.Request.Body.ReadExactlyAsync(new byte[length]));

        Func<Task> post = () => host.PostAsync(s_longBody);

        await post.Should().ThrowAsync<HttpRequestException>();
        host.Sink.Begun.Should().Be(0);
        host.Log.OfId(3005).Should().ContainSingle().Which.Message.Should().Contain("a part of a body");
    }

    [Fact]
    public async Task A_middleware_that_takes_the_header_away_makes_no_difference()
    {
        await using EndpointHost host = await StartAsync(context =>
        {
            context.Request.Headers.ContentLength = null;
            return Task.CompletedTask;
        });

        (await host.PostAsync(ShortBody)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync("")).StatusCode.Should().Be(HttpStatusCode.BadRequest, "nothing was sent");

        host.Sink.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task A_middleware_that_wraps_the_body_sees_all_of_it_and_its_end_once()
    {
        List<Watched> watched = [];
        await using EndpointHost host = await StartAsync(context =>
        {
            Watched stream = new(context.Request.Body);
            lock (watched)
                watched.Add(stream);
            context.Request.Body = stream;
            return Task.CompletedTask;
        });

        (await host.PostAsync(ShortBody)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync(s_longBody)).StatusCode.Should().Be(HttpStatusCode.OK);

        watched.Select(stream => stream.Length).Should().Equal(ShortBody.Length, s_longBody.Length);
        watched.Should().OnlyContain(stream => stream.Ends == 1, "a read of nothing would be taken for the end");
    }

    [Fact]
    public async Task HTTP_logging_of_bodies_in_front_makes_no_difference()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddHttpLogging(logging => logging.LoggingFields = HttpLoggingFields.All),
            map: app =>
            {
                app.UseHttpLogging();
                app.MapJanusEvents();
            });

        (await host.PostAsync(new StringContent(s_longBody, Encoding.UTF8, "application/json"))).StatusCode.Should().Be(HttpStatusCode.OK);

        host.Sink.Events.Should().HaveCount(400);
    }

    [Fact]
    public async Task A_body_that_a_middleware_made_longer_or_shorter_is_what_counts()
    {
        await using EndpointHost host = await StartAsync(async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            string text = await reader.ReadToEndAsync();
            MemoryStream other = new();
            other.Write(Encoding.UTF8.GetBytes(text.Contains("short", StringComparison.Ordinal) ? ShortBody : s_longBody));
            context.Request.Body = other;
        });

        (await host.PostAsync("short".PadRight(10_000))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync("long")).StatusCode.Should().Be(HttpStatusCode.OK);

        host.Sink.Events.Should().HaveCount(401);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_the_network_cut_is_not_answered_with_middleware_either(bool decompresses)
    {
        await using EndpointHost host = decompresses ? await StartDecompressingAsync() : await StartAsync(_ => Task.CompletedTask);
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        byte[] gzip = Compress("gzip", s_longBody);

        await connection.SendAsync(RawConnection.Head($"Content-Length: {gzip.Length}{(decompresses ? "\r\nContent-Encoding: gzip" : "")}"));
        await connection.SendAsync(gzip.AsMemory(0, gzip.Length - 20));
        connection.FinishSending();

        (await connection.ReadToEndAsync()).Should().BeEmpty();
        host.Sink.Begun.Should().Be(0);
    }

    [Fact]
    public async Task A_body_that_ends_short_of_its_length_over_HTTP_2_is_not_answered()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        // Whole events, and less than was announced.
        Func<Task> post = () => host.PostHttp2Async(new Chunked(Encoding.UTF8.GetBytes(ShortBody), "") { Headers = { ContentLength = 1_000 } });

        await post.Should().ThrowAsync<HttpRequestException>();
        host.Sink.Begun.Should().Be(0);
    }

    [Fact]
    public async Task A_test_server_without_a_transport_takes_whole_bodies_and_no_cut_ones()
    {
        EndpointSink sink = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddRequestDecompression();
        builder.Services.AddJanusEvents().AddSink(sink);
        await using WebApplication app = builder.Build();
        app.UseRequestDecompression();
        app.MapJanusEvents();
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        Uri address = new("/janus/events", UriKind.Relative);

        (await client.PostAsync(address, new StringContent(s_longBody))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await client.PostAsync(address, Content(Compress("gzip", ShortBody), "gzip"))).StatusCode.Should().Be(HttpStatusCode.OK);
        Func<Task> cut = () => client.PostAsync(address, new Chunked(Encoding.UTF8.GetBytes(s_longBody[..^1]), "") { Headers = { ContentLength = s_longBody.Length } });
        await cut.Should().ThrowAsync<Exception>();
        Func<Task> cutGzip = () => client.PostAsync(address, new Chunked(Compress("gzip", s_longBody)[..^1], "") { Headers = { ContentLength = Compress("gzip", s_longBody).Length } });
        await cutGzip.Should().ThrowAsync<Exception>();

        sink.Events.Should().HaveCount(401);
        await app.StopAsync();
    }

    private static Task<EndpointHost> StartAsync(Func<HttpContext, Task> before) => EndpointHost.StartAsync(map: app =>
    {
        app.Use(async (context, next) =>
        {
            await before(context);
            await next(context);
        });
        app.MapJanusEvents();
    });

    private static Task<EndpointHost> StartDecompressingAsync(JanusEventsEndpointOptions? options = null) => EndpointHost.StartAsync(
        configure: builder => builder.Services.AddRequestDecompression(),
        map: app =>
        {
            app.UseRequestDecompression();
            app.MapJanusEvents("/janus/events", options ?? new JanusEventsEndpointOptions());
        });

    private static ByteBudget Budget(EndpointHost host) => host.Services.GetRequiredService<ByteBudget>();

    private static ByteArrayContent Content(byte[] bytes, string encoding)
    {
        ByteArrayContent content = new(bytes);
        if (encoding.Length > 0)
            content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static byte[] Compress(string encoding, string body)
    {
        using MemoryStream compressed = new();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new BufferedStream(compressed),
        })
        {
            stream.Write(Encoding.Latin1.GetBytes(body));
            stream.Flush();
            return encoding.Length == 0 ? compressed.ToArray() : Closed(stream, compressed);
        }

        static byte[] Closed(Stream stream, MemoryStream compressed)
        {
            stream.Dispose();
            return compressed.ToArray();
        }
    }

    /// <summary>Content whose length is not known, or not the one that its header announces.</summary>
    private sealed class Chunked : HttpContent
    {
        private readonly byte[] _bytes;

        public Chunked(byte[] bytes, string encoding)
        {
            _bytes = bytes;
            if (encoding.Length > 0)
                Headers.ContentEncoding.Add(encoding);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A stream of a middleware that, as many do, takes the first read of no bytes for the end.</summary>
    private sealed class Watched(Stream inner) : Stream
    {
        private long _length;

        public int Ends { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => _length;

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Ends > 0)
                return 0;
            int read = await inner.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                Ends++;
            _length += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
