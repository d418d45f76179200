using System.Net;
using System.Text;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>When a POST is answered, and when it must not be: Janus takes every answer for a success.</summary>
public sealed class AnswerTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;
    private static readonly JanusEventsEndpointOptions s_soon = new() { AnswerTimeout = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task A_stored_body_is_answered_with_200_and_no_content()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(EndpointHost.OneEvent);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength.Should().Be(0);
        ReceivedBody body = host.Sink.Stored.Should().ContainSingle().Subject;
        body.Events.Should().ContainSingle().Which.Should().BeOfType<SessionEvent>().Which.SessionId.Should().Be(11);
        Encoding.UTF8.GetString(body.Json.Span).Should().Be(EndpointHost.OneEvent);
        body.RemoteAddress.Should().Be("127.0.0.1");
        body.ArrivedAt.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task An_empty_array_is_a_success()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        (await host.PostAsync("[]")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_answer_waits_for_the_sink()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        host.Sink.Hold();

        Task<HttpResponseMessage> answer = host.PostAsync(EndpointHost.OneEvent);
        await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");
        bool answeredBefore = answer.IsCompleted;
        host.Sink.Release();

        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
        answeredBefore.Should().BeFalse();
    }

    [Fact]
    public async Task A_body_that_comes_again_joins_the_attempt_in_progress()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        host.Sink.Hold();
        Task<HttpResponseMessage> first = host.PostAsync(EndpointHost.OneEvent);
        await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");

        Task<HttpResponseMessage> second = host.PostAsync(EndpointHost.OneEvent);
        Task<HttpResponseMessage> other = host.PostAsync("[]");
        await host.UntilBodiesAreTakenAsync(3);
        host.Sink.Release();

        (await first).StatusCode.Should().Be(HttpStatusCode.OK);
        (await second).StatusCode.Should().Be(HttpStatusCode.OK);
        (await other).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task What_is_not_stored_in_time_gets_no_byte_of_an_answer()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(s_soon);
        host.Sink.Failure = new InvalidOperationException("the database is away");

        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(RawConnection.Head($"Content-Length: {EndpointHost.OneEvent.Length}") + EndpointHost.OneEvent);

        (await connection.ReadToEndAsync()).Should().BeEmpty();
        host.Log.OfId(3003).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Warning);
    }

    [Fact]
    public async Task What_is_not_stored_in_time_gets_no_answer_after_100_Continue_either()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(s_soon);
        host.Sink.Failure = new InvalidOperationException("the database is away");

        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(RawConnection.Head($"Content-Length: {EndpointHost.OneEvent.Length}\r\nExpect: 100-continue"));
        string goOn = await connection.ReadUntilAsync("\r\n\r\n");
        await connection.SendAsync(EndpointHost.OneEvent);

        goOn.Should().Be("HTTP/1.1 100 Continue\r\n\r\n");
        (await connection.ReadToEndAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_not_stored_in_time_gets_no_answer_over_HTTP_2()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(s_soon);
        host.Sink.Failure = new InvalidOperationException("the database is away");

        Func<Task> post = () => host.PostHttp2Async(new StringContent(EndpointHost.OneEvent));

        await post.Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task A_store_that_comes_back_in_time_is_answered()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        host.Sink.Failure = new InvalidOperationException("the database is away");

        Task<HttpResponseMessage> answer = host.PostAsync(EndpointHost.OneEvent);
        await Wait.UntilAsync(() => host.Sink.Begun > 2, s_limit, "some tries");
        host.Sink.Failure = null;

        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Error_pages_of_the_host_never_answer_for_the_endpoint()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.UseDeveloperExceptionPage();
            app.UseStatusCodePages();
            app.MapJanusEvents("/janus/events", s_soon);
        });
        host.Sink.Failure = new InvalidOperationException("the database is away");

        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(RawConnection.Head($"Content-Length: {EndpointHost.OneEvent.Length}") + EndpointHost.OneEvent);

        (await connection.ReadToEndAsync()).Should().BeEmpty();
        host.Log.Entries.Should().NotContain(entry => entry.Message.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_client_that_goes_away_after_its_body_came_does_not_stop_the_write()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        host.Sink.Hold();
        using (RawConnection connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.SendAsync(RawConnection.Head($"Content-Length: {EndpointHost.OneEvent.Length}") + EndpointHost.OneEvent);
            await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");
            connection.Reset();
        }

        host.Sink.Release();

        await Wait.UntilAsync(() => host.Sink.Events.Any(), s_limit, "the body to be stored");
    }

    [Fact]
    public async Task A_body_that_waits_for_the_sink_is_stored_though_its_client_went_away()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        host.Sink.Hold();
        Task<HttpResponseMessage> before = host.PostAsync("[]");
        await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");
        using (RawConnection connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.SendAsync(RawConnection.Head($"Content-Length: {EndpointHost.OneEvent.Length}") + EndpointHost.OneEvent);
            await host.UntilBodiesAreTakenAsync(2);
        }

        host.Sink.Release();

        (await before).StatusCode.Should().Be(HttpStatusCode.OK);
        await Wait.UntilAsync(() => host.Sink.Events.Any(), s_limit, "the body to be stored");
    }

    [Fact]
    public async Task Expect_100_continue_is_answered_before_the_body()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(RawConnection.Head($"Content-Length: {EndpointHost.OneEvent.Length}\r\nExpect: 100-continue\r\nConnection: close"));
        string goOn = await connection.ReadUntilAsync("\r\n\r\n");
        await connection.SendAsync(EndpointHost.OneEvent);

        goOn.Should().Be("HTTP/1.1 100 Continue\r\n\r\n");
        (await connection.ReadToEndAsync()).Should().StartWith("HTTP/1.1 200 OK\r\n");
    }

    [Fact]
    public async Task HTTP_2_works()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostHttp2Async(new StringContent(EndpointHost.OneEvent));

        answer.Version.Should().Be(HttpVersion.Version20);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16 * 1024 - 1)]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(1_000_000)]
    public async Task A_body_without_a_length_is_read_to_its_end(int padding)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        string body = EndpointHost.OneEvent + new string(' ', padding);

        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync(RawConnection.Head("Transfer-Encoding: chunked\r\nConnection: close"));
        foreach (char[] chunk in body.Chunk(50_000))
            await connection.SendAsync($"{chunk.Length:x}\r\n{new string(chunk)}\r\n");
        await connection.SendAsync("0\r\n\r\n");

        (await connection.ReadToEndAsync()).Should().StartWith("HTTP/1.1 200 OK\r\n");
        Encoding.UTF8.GetString(host.Sink.Stored.Single().Json.Span).Should().Be(body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("nonsense")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task The_content_type_does_not_matter(string? contentType)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage answer = await host.PostAsync(Encoding.UTF8.GetBytes(EndpointHost.OneEvent), contentType: contentType);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_host_that_stops_still_answers_what_it_accepted()
    {
        EndpointHost host = await EndpointHost.StartAsync();
        host.Sink.Hold();
        Task<HttpResponseMessage> answer = host.PostAsync(EndpointHost.OneEvent);
        await Wait.UntilAsync(() => host.Sink.Begun == 1, s_limit, "the write to begin");
        Task stopped = host.StopAsync();

        host.Sink.Release();

        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
        await stopped;
        await host.DisposeAsync();
    }
}
