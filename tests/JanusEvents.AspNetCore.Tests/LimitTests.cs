using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>Bounds on size, time and memory. They are measured, so that nothing else runs meanwhile.</summary>
[Collection(nameof(LimitTests))]
[CollectionDefinition(nameof(LimitTests), DisableParallelization = true)]
public sealed class LimitTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [Fact]
    public async Task A_body_over_the_limit_is_refused_by_its_length_without_being_read()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head($"Content-Length: {(64 << 20) + 1}"));

        (await connection.ReadUntilAsync("\r\n\r\n")).Should().StartWith("HTTP/1.1 413 ");
        host.Log.OfId(3000).Should().ContainSingle().Which.Message.Should().Contain("413");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_as_it_grows()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { MaxBodyBytes = 100_000 });
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head("Transfer-Encoding: chunked"));
        string chunk = new(' ', 50_000);
        for (int i = 0; i < 3; i++)
            await connection.SendAsync($"{chunk.Length:x}\r\n{chunk}\r\n");

        string answer = await connection.ReadUntilAsync("}");
        answer.Should().StartWith("HTTP/1.1 413 ");
        answer.Should().Contain("100000");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_just_the_limit_is_taken(bool gzip)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { MaxBodyBytes = 100_000 });
        byte[] body = Encoding.UTF8.GetBytes(EndpointHost.OneEvent.PadRight(100_000));

        (await host.PostAsync(gzip ? ContentTests.Gzip(body) : body)).StatusCode.Should().Be(HttpStatusCode.OK);
        byte[] more = [.. body, (byte)' '];
        (await host.PostAsync(gzip ? ContentTests.Gzip(more) : more)).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_body_over_the_limits_of_Kestrel_is_taken()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes(EndpointHost.OneEvent.PadRight(40_000_000));

        (await host.PostAsync(body)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostHttp2Async(new ByteArrayContent(body))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused_and_costs_next_to_no_memory()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        byte[] bomb = Bomb(300_000_000);
        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        using HttpResponseMessage answer = await host.PostAsync(bomb, "gzip");
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement
            .GetProperty("detail").GetString().Should().Contain("after decompression");
        allocated.Should().BeLessThan(10_000_000);
        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slow_body_is_broken_off_at_the_answer_time_without_an_answer()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { AnswerTimeout = TimeSpan.FromSeconds(2) });
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head("Content-Length: 1000") + "[");

        (await connection.ReadToEndAsync()).Should().BeEmpty();
        host.Log.OfId(3004).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Warning);
        Budget(host).Reserved.Should().Be(0);
    }

    [Theory]
    [InlineData("Content-Length: 1000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_client_that_goes_away_inside_its_body_costs_nothing_lasting(string header)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        using (RawConnection connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.SendAsync(RawConnection.Head(header) + (header.EndsWith("chunked", StringComparison.Ordinal) ? "1\r\n[\r\n" : "["));
            await Wait.UntilAsync(() => Budget(host).Reserved > 0, s_limit, "the body to be read");
            connection.Reset();
        }

        await Wait.UntilAsync(() => Budget(host).Reserved == 0, s_limit, "the memory to be given back");
        host.Sink.Begun.Should().Be(0);
        host.Log.Own.Should().NotContain(entry => entry.Level > LogLevel.Warning);
        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_body_that_is_closed_short_of_its_length_is_not_answered()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head("Content-Length: 1000") + EndpointHost.OneEvent);
        connection.FinishSending();

        (await connection.ReadToEndAsync()).Should().BeEmpty();
        host.Sink.Begun.Should().Be(0);
    }

    [Fact]
    public async Task Broken_chunks_are_not_answered()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head("Transfer-Encoding: chunked") + "nonsense\r\n");

        (await connection.ReadToEndAsync()).Should().BeEmpty();
        host.Sink.Begun.Should().Be(0);
        host.Log.OfId(3005).Should().ContainSingle();
    }

    [Fact]
    public async Task A_request_that_finds_no_memory_left_waits_until_there_is_some()
    {
        await using EndpointHost host = await StartSmallAsync();
        host.Sink.Hold();
        Task<HttpResponseMessage> first = host.PostAsync(EndpointHost.OneEvent.PadRight(800_000));
        await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");

        using RawConnection second = await RawConnection.OpenAsync(host.Address);
        await second.SendAsync(RawConnection.Head("Content-Length: 800000\r\nConnection: close") + "[]".PadRight(800_000));
        await Wait.UntilAsync(() => Budget(host).Waiting == 1, s_limit, "the second request to wait");
        Budget(host).Reserved.Should().BeInRange(800_000, 1 << 20);
        host.Sink.Release();

        (await first).StatusCode.Should().Be(HttpStatusCode.OK);
        (await second.ReadToEndAsync()).Should().StartWith("HTTP/1.1 200 ");
        await Wait.UntilAsync(() => Budget(host).Reserved == 0, s_limit, "the memory to be given back");
    }

    [Fact]
    public async Task What_a_request_announces_holds_no_memory_and_keeps_no_other_from_being_stored()
    {
        await using EndpointHost host = await StartSmallAsync();
        List<RawConnection> idle = [];
        try
        {
            for (int i = 0; i < 100; i++)
            {
                RawConnection connection = await RawConnection.OpenAsync(host.Address);
                idle.Add(connection);
                await connection.SendAsync(RawConnection.Head("Content-Length: 60000000") + (i < 30 ? "[" : ""));
            }

            await Wait.UntilAsync(() => Budget(host).Reserved > 0, s_limit, "the first bytes to be read");
            (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
            HttpResponseMessage[] large = await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
                host.PostAsync(EndpointHost.OneEvent.PadRight(900_000 + n))));

            large.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
            Budget(host).Reserved.Should().BeLessThan(1 << 20, "of those that sent a byte each holds a few, and the others none");
        }
        finally
        {
            idle.ForEach(connection => connection.Dispose());
        }

        await Wait.UntilAsync(() => Budget(host).Reserved == 0, s_limit, "the memory to be given back");
    }

    [Fact]
    public async Task Large_bodies_that_come_at_once_in_pieces_are_all_stored()
    {
        const int Size = 600_000;
        await using EndpointHost host = await StartSmallAsync();
        RawConnection[] senders = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RawConnection.OpenAsync(host.Address)));
        string body = EndpointHost.OneEvent.PadRight(Size);

        foreach (RawConnection sender in senders)
            await sender.SendAsync(RawConnection.Head($"Content-Length: {Size}\r\nConnection: close") + body[..(Size / 3)]);
        await Wait.UntilAsync(() => Budget(host).Waiting > 0, s_limit, "some to wait for memory");
        string[] answers = await Task.WhenAll(senders.Select(async sender =>
        {
            await sender.SendAsync(body[(Size / 3)..]);
            return await sender.ReadToEndAsync();
        }));

        answers.Should().OnlyContain(answer => answer.StartsWith("HTTP/1.1 200 "));
        foreach (RawConnection sender in senders)
            sender.Dispose();
        await Wait.UntilAsync(() => Budget(host).Reserved == 0, s_limit, "the memory to be given back");
    }

    [Fact]
    public async Task A_request_that_finds_no_memory_in_time_is_not_answered()
    {
        await using EndpointHost host = await StartSmallAsync(TimeSpan.FromSeconds(4));
        host.Sink.Hold();
        Task<HttpResponseMessage> first = host.PostAsync(EndpointHost.OneEvent.PadRight(800_000));
        await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");

        using RawConnection second = await RawConnection.OpenAsync(host.Address);
        await second.SendAsync(RawConnection.Head("Content-Length: 800000\r\nExpect: 100-continue"));

        Func<Task> firstAnswer = () => first;
        await firstAnswer.Should().ThrowAsync<HttpRequestException>();
        (await second.ReadToEndAsync()).Should().BeOneOf("", "HTTP/1.1 100 Continue\r\n\r\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_larger_than_all_the_memory_passes_when_it_is_alone(bool gzip)
    {
        await using EndpointHost host = await StartSmallAsync();
        byte[] body = Encoding.UTF8.GetBytes(EndpointHost.OneEvent.PadRight(5_000_000));

        (await host.PostAsync(gzip ? ContentTests.Gzip(body) : body)).StatusCode.Should().Be(HttpStatusCode.OK);

        await Wait.UntilAsync(() => Budget(host).Reserved == 0, s_limit, "the memory to be given back");
    }

    [Fact]
    public async Task Many_bodies_at_once_all_pass_through_little_memory()
    {
        await using EndpointHost host = await StartSmallAsync();
        byte[] body = Encoding.UTF8.GetBytes(EndpointHost.OneEvent.PadRight(700_000));
        byte[] compressed = ContentTests.Gzip(body);

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => host.PostAsync(i % 2 == 0 ? body : compressed)));

        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
        await Wait.UntilAsync(() => Budget(host).Reserved == 0, s_limit, "the memory to be given back");
    }

    private static Task<EndpointHost> StartSmallAsync(TimeSpan? answerTimeout = null) => EndpointHost.StartAsync(
        new JanusEventsEndpointOptions { AnswerTimeout = answerTimeout ?? TimeSpan.FromSeconds(9.9) },
        builder => builder.Services.AddJanusEvents(options => options.MaxBytesInMemory = 1 << 20));

    private static ByteBudget Budget(EndpointHost host) => host.Services.GetRequiredService<ByteBudget>();

    private static byte[] Bomb(int size)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] spaces = new byte[1 << 20];
            spaces.AsSpan().Fill((byte)' ');
            for (int left = size; left > 0; left -= spaces.Length)
                gzip.Write(spaces, 0, Math.Min(left, spaces.Length));
        }

        return compressed.ToArray();
    }
}
