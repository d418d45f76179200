using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JanusEvents.Testing.Tests;

public sealed class JanusSenderTests
{
    private static readonly JanusSenderOptions Quick = new()
    {
        Backoff = TimeSpan.FromMilliseconds(1),
        Timeout = Wait.Limit,
    };

    [Fact]
    public async Task A_request_is_what_Janus_sends_byte_for_byte()
    {
        await using var backend = RecordingBackend.Start();
        var body = Captures.Body("02-echotest", "post-0001.json");
        var sender = new JanusSender(backend.Url, new JanusSenderOptions { UserName = "janus", Password = "s3cret:pass" });

        var sent = await sender.SendAsync(body);

        sent.Should().BeEquivalentTo(new { Attempts = 1, Status = 200, Delivered = true, Lost = false });
        var request = backend.Requests.Should().ContainSingle().Subject;
        request.Head.Should().Be(
            $"""
             POST /events HTTP/1.1
             Host: 127.0.0.1:{backend.Url.Port}
             Authorization: Basic amFudXM6czNjcmV0OnBhc3M=
             Accept: */*
             Content-Type: application/json
             Content-Length: 160

             """.ReplaceLineEndings("\r\n"));
        request.Body.Should().Equal(body.Bytes);
    }

    [Fact]
    public async Task A_gzip_body_says_so()
    {
        await using var backend = RecordingBackend.Start();
        var body = Captures.Body("08-compress", "post-0001.json.gz");

        await new JanusSender(backend.Url).SendAsync(body);
        await new JanusSender(backend.Url, new JanusSenderOptions { ContentType = "application/gzip" }).SendAsync(body);

        backend.Requests[0].Head.Should().Contain("Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 142\r\n");
        backend.Requests[1].Head.Should().Contain("Content-Type: application/gzip\r\nContent-Length: 142\r\n");
    }

    [Theory]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Every_status_is_delivered(int status)
    {
        await using var backend = RecordingBackend.Start(_ => BackendAnswer.Status(status));

        var sent = await new JanusSender(backend.Url, Quick).SendAsync("[]");

        sent.Should().BeEquivalentTo(new { Attempts = 1, Status = status, Delivered = true });
        backend.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(BackendAnswerKind.Reset)]
    [InlineData(BackendAnswerKind.Close)]
    [InlineData(BackendAnswerKind.Cut)]
    public async Task A_broken_connection_sends_the_same_bytes_again_on_a_new_one(BackendAnswerKind broken)
    {
        await using var backend = RecordingBackend.Start(
            r => r.Number <= 3 ? new BackendAnswer(broken) : BackendAnswer.Status(200));

        var sent = await new JanusSender(backend.Url, Quick).SendAsync("""[{"type":1}]""");

        sent.Should().BeEquivalentTo(new { Attempts = 4, Status = 200, Delivered = true });
        sent.Failures.Should().HaveCount(3);
        backend.Requests.Select(r => r.Text).Should().HaveCount(4).And.AllBe("""[{"type":1}]""");
        backend.Requests.Select(r => r.Connection).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task After_six_tries_a_body_is_lost()
    {
        await using var backend = RecordingBackend.Start(_ => BackendAnswer.Reset);

        var sent = await new JanusSender(backend.Url, Quick).SendAsync("[]");

        sent.Should().BeEquivalentTo(new { Attempts = 6, Status = (int?)null, Lost = true });
        backend.Requests.Should().HaveCount(6);
    }

    [Fact]
    public async Task The_pauses_double()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        var watch = Stopwatch.StartNew();

        var sent = await new JanusSender(
            new Uri($"http://127.0.0.1:{port}/"), Quick with { Backoff = TimeSpan.FromMilliseconds(10) }).SendAsync("[]");

        sent.Attempts.Should().Be(6);
        watch.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(10 + 20 + 40 + 80 + 160 - 5));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_sends_the_body_again()
    {
        await using var backend = RecordingBackend.Start(
            r => r.Number == 1 ? BackendAnswer.Silence : BackendAnswer.Status(200));

        var sent = await new JanusSender(backend.Url, Quick with { Timeout = TimeSpan.FromSeconds(2) }).SendAsync("[]");

        sent.Attempts.Should().Be(2);
        sent.Failures.Should().Equal("no answer in 2 s");
    }

    [Fact]
    public async Task A_body_above_one_mebibyte_asks_first()
    {
        await using var backend = RecordingBackend.Start();
        var atLimit = new byte[1024 * 1024];
        var above = new byte[1024 * 1024 + 1];
        var sender = new JanusSender(backend.Url, Quick with { ContinueWait = TimeSpan.FromMinutes(1) });

        await sender.SendAsync(atLimit);
        await sender.SendAsync(above);

        backend.Requests[0].Head.Should().NotContain("Expect");
        backend.Requests[1].Head.Should().Contain("Expect: 100-continue\r\n");
        backend.Requests[1].Body.Should().HaveCount(above.Length);
    }

    [Fact]
    public async Task A_body_is_sent_without_a_continue_after_a_while()
    {
        await using var backend = RecordingBackend.Start(_ => BackendAnswer.Status(200), saysContinue: false);
        var sender = new JanusSender(backend.Url, Quick with { ContinueWait = TimeSpan.FromMilliseconds(50) });

        var sent = await sender.SendAsync(new byte[1024 * 1024 + 1]);

        sent.Status.Should().Be(200);
    }

    [Fact]
    public async Task An_answer_before_the_body_ends_the_request()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = new JanusSender(new Uri($"http://{listener.LocalEndpoint}/"), Quick with { ContinueWait = TimeSpan.FromMinutes(1) })
            .SendAsync(new byte[1024 * 1024 + 1]);

        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        (await sending).Should().BeEquivalentTo(new { Attempts = 1, Status = 413 });
    }

    [Fact]
    public async Task A_chunked_answer_is_read_to_its_end()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = new JanusSender(new Uri($"http://{listener.LocalEndpoint}/"), Quick).SendAsync("[]");

        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await stream.WriteAsync("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"u8.ToArray());
        sending.IsCompleted.Should().BeFalse();
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());

        (await sending).Status.Should().Be(400);
    }
}
