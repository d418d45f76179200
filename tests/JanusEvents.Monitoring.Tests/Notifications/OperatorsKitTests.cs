using System.Text.Json;
using JanusEvents.Testing;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>
/// The rules and the dashboard in <c>ops/</c>, with the real programs. Alone: OpenTelemetry exports the meters of all hosts of a process.
/// </summary>
[Collection(nameof(OperatorsKit))]
public sealed class OperatorsKitTests
{
    private static readonly string s_rules = Repository.PathOf("ops", "prometheus", "janus.rules.yml");

    [FactNeeding(Capabilities.Prometheus)]
    public async Task The_rules_are_valid_and_pass_their_tests()
    {
        (await ChildProcess.RunAsync(["promtool", "check", "rules", s_rules], Wait.Limit)).Should().ContainMatch("*SUCCESS*");
        (await ChildProcess.RunAsync(["promtool", "test", "rules", Repository.PathOf("ops", "prometheus", "janus.rules.test.yml")], Wait.Limit))
            .Should().ContainMatch("*SUCCESS*");
    }

    [FactNeeding(Capabilities.Prometheus)]
    public async Task Every_query_of_the_dashboard_and_every_rule_has_a_result_in_a_Prometheus_that_scraped_a_host()
    {
        await using ScrapedHost host = await ScrapedHost.StartAsync();
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["prometheus.yml"], $$"""
            global: { scrape_interval: 500ms, evaluation_interval: 500ms }
            rule_files: ['{{s_rules}}']
            scrape_configs:
              - job_name: host
                static_configs: [ { targets: ['{{host.Address}}'] } ]
            """);
        string address = $"http://127.0.0.1:{FreePort.Next()}";
        await using ChildProcess prometheus = ChildProcess.Start(
            [
                "prometheus", $"--config.file={folder["prometheus.yml"]}", $"--storage.tsdb.path={folder["data"]}", $"--web.listen-address={address[7..]}",
            ],
            folder.Path);
        await prometheus.WaitForLineAsync(line => line.Contains("Server is ready", StringComparison.Ordinal), Wait.Limit, "Prometheus to be ready");
        using HttpClient client = new() { BaseAddress = new Uri(address) };

        // Rates need a second value.
        await Wait.UntilAsync(async () => (await QueryAsync(client, "janus_peer_connections")).GetArrayLength() == 1, Wait.Limit, "the first scrape");
        await host.UseAsync(1);

        string[] queries = [.. Queries()];
        queries.Should().HaveCountGreaterThan(20);
        foreach (string query in queries)
        {
            await Wait.UntilAsync(
                async () => (await QueryAsync(client, query)).GetArrayLength() > 0, Wait.Limit, $"a result of {query}", () => prometheus.Output);
        }

        string[] recorded = ["janus:troubles:open", "janus:troubles:begun_rate5m", "janus:peer_connections:open", "janus:rtt_seconds:p95_5m", "janus:jitter_seconds:p95_5m", "janus:packet_loss:p95_5m"];
        foreach (string name in recorded)
            await Wait.UntilAsync(async () => (await QueryAsync(client, name)).GetArrayLength() > 0, Wait.Limit, $"the recorded {name}");

        using JsonDocument rules = JsonDocument.Parse(await client.GetStringAsync("/api/v1/rules"));
        JsonElement[] all = [.. rules.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
        all.Should().HaveCount(17).And.OnlyContain(rule => rule.GetProperty("health").GetString() == "ok");
        all.Select(rule => rule.GetProperty("name").GetString()).Should().Contain(recorded);

        await Wait.UntilAsync(
            async () => (await QueryAsync(client, "ALERTS{alertname=\"JanusServerTrouble\",alertstate=\"firing\",janus_emitter=\"edge-9\"}")).GetArrayLength() == 1,
            Wait.Limit,
            "the alert of the silent server");
    }

    [Fact]
    public void Each_panel_of_the_dashboard_has_a_place_of_its_own_and_every_label_is_one_of_the_meters()
    {
        using JsonDocument dashboard = ReadDashboard();
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        panels.Select(panel => panel.GetProperty("id").GetInt32()).Should().OnlyHaveUniqueItems();
        panels.Select(panel => (panel.GetProperty("gridPos").GetProperty("x").GetInt32(), panel.GetProperty("gridPos").GetProperty("y").GetInt32())).Should().OnlyHaveUniqueItems();
        string page = File.ReadAllText(Repository.PathOf("docs", "observability.md"));
        foreach (string label in new[] { "janus.emitter", "janus.plugin", "janus.media", "janus.side", "janus.direction", "janus.hangup.reason", "janus.trouble.code", "janus.trouble.severity", "janus_events.sink", "janus_events.event.kind" })
            page.Should().Contain($"`{label}`", "the dashboard uses it");
    }

    private static JsonDocument ReadDashboard() => JsonDocument.Parse(File.ReadAllText(Repository.PathOf("ops", "grafana", "janus.json")));

    /// <summary>The queries of all panels, with Grafana's variables as it replaces them.</summary>
    private static IEnumerable<string> Queries()
    {
        using JsonDocument dashboard = ReadDashboard();
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (!panel.TryGetProperty("targets", out JsonElement targets))
                continue;
            foreach (JsonElement target in targets.EnumerateArray())
            {
                yield return target.GetProperty("expr").GetString()!
                    .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                    .Replace("$emitter", ".*", StringComparison.Ordinal);
            }
        }
    }

    private static async Task<JsonElement> QueryAsync(HttpClient client, string query)
    {
        using HttpResponseMessage answer = await client.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        string json = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue($"{query}: {json}");
        return JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("result");
    }
}

/// <summary>Tests that run while no other test of the process does.</summary>
[CollectionDefinition(nameof(OperatorsKit), DisableParallelization = true)]
public sealed class OperatorsKit;
