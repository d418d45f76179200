using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>What a real Alertmanager makes of our alerts.</summary>
public sealed class AlertmanagerTests
{
    [FactNeeding(Capabilities.Alertmanager)]
    public async Task An_alert_is_active_stays_so_while_it_is_repeated_changes_its_severity_and_is_resolved()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["alertmanager.yml"], $$"""
            route: { receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
            receivers:
              - name: test
                webhook_configs: [ { url: '{{receiver.Url}}', send_resolved: true } ]
            """);
        string address = $"http://127.0.0.1:{FreePort.Next()}";
        await using ChildProcess alertmanager = ChildProcess.Start(
            [
                "prometheus-alertmanager", $"--config.file={folder["alertmanager.yml"]}", $"--storage.path={folder["data"]}",
                $"--web.listen-address={address[7..]}", "--cluster.listen-address=",
            ],
            folder.Path);
        using HttpClient client = new() { BaseAddress = new Uri(address) };
        await Wait.UntilAsync(() => IsReadyAsync(client), Wait.Limit, "Alertmanager to be ready", () => alertmanager.Output);

        DateTimeOffset now = DateTimeOffset.UtcNow;
        await using NotifyingHost host = await NotifyingHost.StartAsync(
            now,
            b => b.AddTroubleWebhook(address + "/api/v2/alerts", o => o.Format = TroubleWebhookFormat.Alertmanager),
            ("JanusEvents:Monitoring:NotifyAfter", "0"));
        Trouble trouble = SampleTroubles.OfCall(severity: TroubleSeverity.Warning, began: now.AddSeconds(-10));

        host.Began(trouble);
        JsonElement alert = await AlertAsync(client, "warning");
        alert.GetProperty("status").GetProperty("state").GetString().Should().Be("active");
        JsonElement labels = alert.GetProperty("labels");
        labels.GetProperty("alertname").GetString().Should().Be("JanusMediaLost");
        labels.GetProperty("server").GetString().Should().Be("edge-7");
        labels.GetProperty("session").GetString().Should().Be("5976879829026835");
        alert.GetProperty("annotations").GetProperty("summary").GetString().Should().Be("Carol in room 1234 is not heard or seen any more");

        // With another severity it is another alert, and the former is no longer there.
        host.Changed(trouble with { Severity = TroubleSeverity.Error }, Troubles.TroubleChange.Worsened);
        DateTimeOffset firstEnd = (await AlertAsync(client, "error")).GetProperty("endsAt").GetDateTimeOffset();
        await Wait.UntilAsync(async () => (await AlertsAsync(client)).Length == 1, Wait.Limit, "the end of the former");

        // A minute of the host's clock later it is sent again, with a later end.
        await host.UntilIdleAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Wait.UntilAsync(
            async () => (await AlertsAsync(client)).Any(a => a.GetProperty("endsAt").GetDateTimeOffset() > firstEnd), Wait.Limit, "the repetition");

        host.Ended(trouble with { Severity = TroubleSeverity.Error, Ended = now.AddSeconds(-1), EndedBy = TroubleEnd.Recovered });
        await Wait.UntilAsync(
            async () => (await AlertsAsync(client)).Length == 0, Wait.Limit, "the end");
        await Wait.UntilAsync(
            () => receiver.All.Any(r => r.Text.Contains("\"status\":\"resolved\"", StringComparison.Ordinal) && r.Text.Contains("\"severity\":\"error\"", StringComparison.Ordinal)),
            Wait.Limit,
            "Alertmanager to say so",
            () => string.Join(Environment.NewLine, receiver.All.Select(r => r.Text)));
        receiver.All.Should().Contain(r => r.Text.Contains("\"status\":\"firing\"", StringComparison.Ordinal));
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<JsonElement[]> AlertsAsync(HttpClient client) =>
        [.. JsonDocument.Parse(await client.GetStringAsync("/api/v2/alerts")).RootElement.EnumerateArray()];

    private static async Task<JsonElement> AlertAsync(HttpClient client, string severity)
    {
        JsonElement? found = null;
        await Wait.UntilAsync(
            async () =>
            {
                JsonElement[] alerts = [.. (await AlertsAsync(client)).Where(a => a.GetProperty("labels").GetProperty("severity").GetString() == severity)];
                found = alerts is [JsonElement one] ? one : null;
                return found is not null;
            },
            Wait.Limit,
            $"the alert of severity {severity}");
        return found!.Value;
    }
}
