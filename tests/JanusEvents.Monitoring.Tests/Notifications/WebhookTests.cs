using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>What a receiver of webhooks sees.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    // 24 and 32 bytes.
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
    private const string Former = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task The_body_and_the_headers_are_those_of_the_page_and_both_signatures_verify()
    {
        await using NotifyingHost host = await StartAsync(o => o.PreviousSecret = Former, ("JanusEvents:Monitoring:PublicUrl", "https://host/janus/"), ("JanusEvents:Monitoring:NotifyAfter", "0"));
        host.Began(SampleTroubles.OfCall());

        WebhookReceiver.Received received = await _receiver.NextAsync(1);
        string id = received.Headers["webhook-id"];
        string timestamp = received.Headers["webhook-timestamp"];
        id.Should().MatchRegex("^[A-Za-z0-9_-]+$");
        timestamp.Should().Be(host.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        received.Headers["webhook-signature"].Split(' ').Should().Equal(Signature("MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"), Signature("MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="));
        received.Headers["content-type"].Should().Be("application/json");
        received.Headers["user-agent"].Should().StartWith("JanusEvents/");

        Normal(received.Text).Should().Be(Normal(
            """
            { "type": "janus.trouble.began", "timestamp": "2026-11-22T05:12:29.942000Z",
              "data": { "id": "mediaxlost1onedgex7", "sequence": 1, "code": "media-lost", "severity": "error", "side": "client-to-janus",
                "summary": "Carol in room 1234 is not heard or seen any more", "began": "2026-11-22T05:12:27.942Z", "confirmed": "2026-11-22T05:12:29.942Z", "ended": null, "endedBy": null, "count": 1,
                "subject": { "server": "edge-7", "session": "5976879829026835", "handle": "5032040580416895", "peerConnection": 1, "plugin": "janus.plugin.videoroom", "room": "1234", "participant": "6978318287626677", "display": "Carol", "opaqueId": "videoroom-carol" },
                "evidence": [ { "at": "2026-11-22T05:12:27.942Z", "what": "audio receiving false" } ],
                "numbers": { "receivedBefore": 81, "loss": 0.25 },
                "causes": CAUSES, "advice": ADVICE, "link": "https://host/janus/#/call/edge-7/5976879829026835/5032040580416895/1" } }
            """
            .Replace("CAUSES", JsonSerializer.Serialize(TroubleTexts.Of(TroubleCodes.MediaLost).Causes), StringComparison.Ordinal)
            .Replace("ADVICE", JsonSerializer.Serialize(TroubleTexts.Of(TroubleCodes.MediaLost).Advice), StringComparison.Ordinal)));

        // Computed as the specification describes it, by another way than the library's.
        string Signature(string secret)
        {
            using HMACSHA256 hash = new(Convert.FromBase64String(secret));
            return "v1," + Convert.ToBase64String(hash.ComputeHash(Encoding.UTF8.GetBytes(id + "." + timestamp + "." + received.Text)));
        }
    }

    [Fact]
    public async Task A_retry_has_the_same_id_and_body_and_the_time_of_its_own()
    {
        await using NotifyingHost host = await StartAsync();
        _receiver.Answer(500);
        _receiver.Answer(503);
        host.Began(SampleTroubles.OfServer());
        await _receiver.NextAsync(1);
        await host.AdvanceUntilAsync(TimeSpan.FromSeconds(2), () => _receiver.All.Count == 3, "two retries", betweenCalls: true);

        _receiver.All.Select(r => r.Headers["webhook-id"]).Distinct().Should().ContainSingle();
        _receiver.All.Select(r => r.Text).Distinct().Should().ContainSingle();
        _receiver.All.Select(r => long.Parse(r.Headers["webhook-timestamp"], CultureInfo.InvariantCulture)).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        host.Log.Of(LogLevel.Warning).Should().ContainMatch("Trouble handler AddTroubleWebhook failed (the receiver answered 50?)*");

        host.Ended(SampleTroubles.OfServer().Over());
        (await _receiver.NextAsync(4)).Text.Should().Contain("\"janus.trouble.ended\"").And.Contain("\"endedBy\":\"recovered\"");
    }

    [Fact]
    public async Task Gone_stops_for_good_with_an_error_in_the_log()
    {
        await using NotifyingHost host = await StartAsync();
        _receiver.Answer(410);
        host.Began(SampleTroubles.OfServer());
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Error).Any(), Wait.Limit, "the error");
        host.Log.Of(LogLevel.Error).Should().ContainSingle().Which.Should().Contain("410");

        host.Began(SampleTroubles.OfServer(emitter: "edge-8"));
        for (int i = 0; i < 10; i++)
            host.Clock.Advance(TimeSpan.FromMinutes(10));
        (await host.Services.GetRequiredService<IJanusTroubleNotifications>().SendTestAsync(CancellationToken.None))[0].Error.Should().BeNull();
        _receiver.All.Should().HaveCount(2, "the test of a second ago is the only other request");
    }

    [Fact]
    public async Task Retry_After_is_honoured_for_all_notifications()
    {
        await using NotifyingHost host = await StartAsync();
        _receiver.Answer(429, ("Retry-After", "600"));
        host.Began(SampleTroubles.OfServer());
        await _receiver.NextAsync(1);
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Warning).Any(line => line.Contains("429", StringComparison.Ordinal)), Wait.Limit, "the failure");
        DateTimeOffset refused = host.Clock.GetUtcNow();
        host.Began(SampleTroubles.OfServer(emitter: "edge-8"));
        await host.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => _receiver.All.Count == 3, "both", betweenCalls: true);
        _receiver.All.Skip(1).Should().OnlyContain(r => long.Parse(r.Headers["webhook-timestamp"], CultureInfo.InvariantCulture) >= refused.AddSeconds(600).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_not_followed()
    {
        await using NotifyingHost host = await StartAsync();
        _receiver.Answer(307, ("Location", _receiver.Url + "/elsewhere"));
        host.Began(SampleTroubles.OfServer());
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Warning).Any(line => line.Contains("redirects are not followed", StringComparison.Ordinal)), Wait.Limit, "the failure");
        _receiver.All.Should().ContainSingle().Which.Path.Should().Be("/hook");
    }

    [Fact]
    public async Task A_receiver_that_is_away_or_never_answers_is_retried()
    {
        string away = $"http://127.0.0.1:{FreePort.Next()}/hook";
        await using NotifyingHost host = await NotifyingHost.StartAsync(b => b.AddTroubleWebhook(away, o => o.Secret = Secret));
        host.Began(SampleTroubles.OfServer());
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Warning).Any(line => line.Contains("ConnectionError", StringComparison.Ordinal)), Wait.Limit, "the failure");

        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using NotifyingHost waiting = await NotifyingHost.StartAsync(b => b.AddTroubleWebhook($"http://{silent.LocalEndpoint}/hook", o => o.Secret = Secret));
        waiting.Began(SampleTroubles.OfServer());
        using System.Net.Sockets.TcpClient caller = await silent.AcceptTcpClientAsync();
        await waiting.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => waiting.Log.Of(LogLevel.Warning).Any(line => line.Contains("no answer within 15 s", StringComparison.Ordinal)), "the time-out");
    }

    [Fact]
    public async Task A_storm_is_one_notification_of_the_server_and_one_digest()
    {
        await using NotifyingHost host = await StartAsync();
        host.Began(SampleTroubles.OfServer());
        for (int i = 1; i <= 500; i++)
            host.Began(SampleTroubles.OfCall(i));
        await host.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => _receiver.All.Count == 2, "the digest", betweenCalls: true);
        await host.UntilIdleAsync();
        for (int i = 0; i < 5; i++)
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        for (int i = 1; i <= 500; i++)
            host.Ended(SampleTroubles.OfCall(i).Over());
        host.Ended(SampleTroubles.OfServer().Over());
        await _receiver.NextAsync(3);

        _receiver.All.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("type").GetString())
            .Should().Equal("janus.trouble.began", "janus.trouble.digest", "janus.trouble.ended");
        JsonElement data = JsonDocument.Parse(_receiver.All[1].Body).RootElement.GetProperty("data");
        data.GetProperty("count").GetInt32().Should().Be(500);
        Normal(data.GetProperty("counts").GetRawText()).Should().Be("""[{"server":"edge-7","code":"media-lost","severity":"error","count":500}]""");
    }

    [Fact]
    public async Task A_cloud_event_has_the_same_data_in_its_envelope()
    {
        await using NotifyingHost host = await StartAsync(o => o.Format = TroubleWebhookFormat.CloudEvents, ("JanusEvents:Monitoring:NotifyAfter", "0"));
        host.Began(SampleTroubles.OfCall());
        WebhookReceiver.Received received = await _receiver.NextAsync(1);
        received.Headers["content-type"].Should().Be("application/cloudevents+json");
        JsonElement cloudEvent = JsonDocument.Parse(received.Body).RootElement;
        cloudEvent.GetProperty("specversion").GetString().Should().Be("1.0");
        cloudEvent.GetProperty("id").GetString().Should().Be(received.Headers["webhook-id"]);
        cloudEvent.GetProperty("source").GetString().Should().Be("edge-7");
        cloudEvent.GetProperty("type").GetString().Should().Be("janus.trouble.began");
        cloudEvent.GetProperty("subject").GetString().Should().Be("5976879829026835/5032040580416895/1");
        cloudEvent.GetProperty("data").GetProperty("code").GetString().Should().Be("media-lost");
    }

    [Fact]
    public async Task A_chat_gets_a_text_in_which_a_name_can_do_no_harm()
    {
        await using NotifyingHost host = await StartAsync(
            o => (o.Format, o.Secret) = (TroubleWebhookFormat.Slack, null), ("JanusEvents:Monitoring:NotifyAfter", "0"));
        Trouble trouble = SampleTroubles.OfCall();
        host.Began(trouble with { Subject = trouble.Subject with { Display = "<!channel> & \"co\"" } });
        WebhookReceiver.Received received = await _receiver.NextAsync(1);
        received.Headers.Should().NotContainKey("webhook-signature");
        JsonDocument.Parse(received.Body).RootElement.GetProperty("text").GetString().Should()
            .StartWith("*Media lost* (error): &lt;!channel&gt; &amp; \"co\" in room 1234 is not heard or seen any more\nServer edge-7, 2026-11-22T05:12:27.942Z");
    }

    [Fact]
    public async Task A_function_makes_the_body_and_leaves_out_what_it_likes()
    {
        await using NotifyingHost host = await StartAsync(o => o.Content = n => n.Type == TroubleNotificationType.Ended ? null : new StringContent($"{n.Trouble?.Code}"));
        host.Began(SampleTroubles.OfServer());
        (await _receiver.NextAsync(1)).Text.Should().Be("server-silent");
        host.Ended(SampleTroubles.OfServer().Over());
        host.Began(SampleTroubles.OfServer(emitter: "edge-8"));
        await _receiver.NextAsync(2);
        _receiver.All.Should().HaveCount(2);
    }

    [Fact]
    public async Task Webhooks_of_the_configuration_need_no_code()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(
            _ => { },
            ("JanusEvents:Monitoring:Webhooks:0:Url", _receiver.Url),
            ("JanusEvents:Monitoring:Webhooks:0:Format", "Slack"),
            ("JanusEvents:Monitoring:Webhooks:0:MinSeverity", "Critical"));
        host.Began(SampleTroubles.OfServer(TroubleCodes.ServerStopped, severity: TroubleSeverity.Warning));
        host.Began(SampleTroubles.OfServer());
        (await _receiver.NextAsync(1)).Text.Should().Contain("Server silent");
    }

    [Theory]
    [InlineData("Webhooks:0:Url", "ops/hook", "JanusEvents:Monitoring:Webhooks:0:Url is \"ops/…\"; it must be an absolute address with https or http*")]
    [InlineData("Webhooks:0:Secret", "secret", "JanusEvents:Monitoring:Webhooks:0:Secret is of another form; it must be whsec_ and the base 64 form of 24 to 64 random bytes: echo \"whsec_$(openssl rand -base64 32)\" makes one.")]
    [InlineData("Webhooks:0:Secret", "", "JanusEvents:Monitoring:Webhooks:0:Secret is not set, and Format is StandardWebhooks; it must be*")]
    [InlineData("Webhooks:0:MinSeverity", "Info", "JanusEvents:Monitoring:Webhooks:0:MinSeverity is Info; it must be Warning, Error or Critical.")]
    [InlineData("Webhooks:0:MinSeverity", "Bad", "JanusEvents:Monitoring:Webhooks:0:MinSeverity is \"Bad\"; it must be Info or Warning or Error or Critical.")]
    [InlineData("NotifyAfter", "02:00:00", "JanusEvents:Monitoring:NotifyAfter is 02:00:00; it must be zero to 01:00:00.")]
    [InlineData("PublicUrl", "janus", "JanusEvents:Monitoring:PublicUrl is \"janus\"; it must be an absolute address*")]
    [InlineData("MaxBeginsPerMinute", "0", "JanusEvents:Monitoring:MaxBeginsPerMinute is 0; it must be 1 to 500.")]
    public async Task A_wrong_setting_keeps_the_host_from_starting_and_the_message_has_the_fix(string key, string value, string message)
    {
        Dictionary<string, string> settings = new()
        {
            ["JanusEvents:Monitoring:Webhooks:0:Url"] = _receiver.Url,
            ["JanusEvents:Monitoring:Webhooks:0:Secret"] = Secret,
            [$"JanusEvents:Monitoring:{key}"] = value,
        };
        await FluentActions.Awaiting(() => NotifyingHost.StartAsync(_ => { }, [.. settings.Select(s => (s.Key, s.Value))]))
            .Should().ThrowAsync<OptionsValidationException>().WithMessage(message);
    }

    [Fact]
    public async Task A_key_that_resembles_an_option_is_pointed_out()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(
            _ => { },
            ("JanusEvents:Monitoring:NotifyAftr", "00:00:01"),
            ("JanusEvents:Monitoring:Webhooks:0:Url", _receiver.Url),
            ("JanusEvents:Monitoring:Webhooks:0:Secret", Secret),
            ("JanusEvents:Monitoring:Webhooks:0:Formats", "Slack"));
        host.Log.Of(LogLevel.Warning).Should().BeEquivalentTo(
            "Unknown setting JanusEvents:Monitoring:NotifyAftr is ignored. Did you mean JanusEvents:Monitoring:NotifyAfter?",
            "Unknown setting JanusEvents:Monitoring:Webhooks:0:Formats is ignored. Did you mean JanusEvents:Monitoring:Webhooks:0:Format?");
    }

    [Fact]
    public void A_wrong_setting_in_code_throws_with_the_fix()
    {
        JanusEventsBuilder builder = new ServiceCollection().AddJanusEvents();
        FluentActions.Invoking(() => builder.AddTroubleWebhook("https://ops.example.com/")).Should().Throw<ArgumentException>().WithMessage("Secret is not set*openssl*");
        builder.AddTroubleHandler<RecordingHandler>();
        FluentActions.Invoking(() => builder.AddTroubleHandler<RecordingHandler>()).Should().Throw<InvalidOperationException>().WithMessage("*Name of its own*");
    }

    private static string Normal(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);

    private Task<NotifyingHost> StartAsync(Action<TroubleWebhookOptions>? configure = null, params (string Key, string Value)[] settings) =>
        NotifyingHost.StartAsync(
            b => b.AddTroubleWebhook(_receiver.Url, o =>
            {
                o.Secret = Secret;
                configure?.Invoke(o);
            }),
            settings);
}
