using System.Globalization;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace JanusEvents.Dashboard.Tests;

/// <summary>
/// Takes the pictures of docs/dashboard.md from recorded calls, one of which is in trouble. With JANUSEVENTS_ACCEPT_PICTURES=1 they replace
/// those in the repository; without, they only have to be there and to show something.
/// </summary>
[Trait("Category", "Slow")]
public sealed class PictureTests(PageFixture browser) : IClassFixture<PageFixture>
{
    private static readonly string s_folder = Repository.PathOf("docs", "dashboard");
    private static readonly Uri s_events = new("/janus/events", UriKind.Relative);

    [FactNeeding(Capabilities.Chromium)]
    public async Task Each_page_has_its_pictures_light_and_dark()
    {
        bool isAccepted = Environment.GetEnvironmentVariable("JANUSEVENTS_ACCEPT_PICTURES") == "1";
        await using DashboardHost host = await DashboardHost.StartAsync(settings: new Dictionary<string, string?>
        {
            // Of the sending, which is at once and then slow, and not of the calls.
            ["JanusEvents:Monitoring:Troubles:events-late:Enabled"] = "false",
            ["JanusEvents:Monitoring:Troubles:clock-skew:Enabled"] = "false",
            ["JanusEvents:Monitoring:Troubles:server-silent:Enabled"] = "false",
        });
        Uri events = new(host.Address, s_events);
        await SendAsync(host, events, "15b-udp-blackout", "edge-2");
        await SendAsync(host, events, "05-audiobridge", "edge-3");
        await SendAsync(host, events, "15m-normal-videoroom", "edge-2", until: TimeSpan.FromSeconds(25));
        Task live = SendAsync(host, events, "15l-publisher-uplink-dies", "edge-1", liveFrom: TimeSpan.FromSeconds(27), slowness: 6);
        IJanusMonitor monitor = host.App.Services.GetRequiredService<IJanusMonitor>();
        await Wait.UntilAsync(() => monitor.Read().Troubles.Any(t => t.Code == TroubleCodes.MediaLost), Wait.Limit, "the trouble");
        MonitorSnapshot snapshot = monitor.Read();
        Trouble trouble = snapshot.Troubles.First(t => t.Code == TroubleCodes.MediaLost);
        string call = string.Create(CultureInfo.InvariantCulture, $"#/call/edge-1/{trouble.Subject.Session}/{trouble.Subject.Handle}/{trouble.Subject.Number}");
        (string Name, string Hash, string Ready)[] pages =
        [
            ("overview", "#/", "[data-trouble='media-lost']"),
            ("call", call, "[data-chart='bitrate'] canvas"),
            ("room", $"#/room/edge-1/janus.plugin.videoroom/{trouble.Subject.Room}", "td[data-state]"),
            ("server", "#/server/edge-1", "[data-call]"),
            ("calls", "#/calls", "[data-call]"),
            ("log", "#/log?types=1,2,4,8,16,32,64,256", "[data-event]"),
            ("feed", "#/feed", "main table"),
        ];

        await using WatchedPage light = await browser.OpenAsync(host.Address, width: 1200, height: 860);
        await using WatchedPage dark = await browser.OpenAsync(host.Address, isDark: true, width: 1200, height: 860);
        foreach ((string name, string hash, string ready) in pages)
        {
            await Task.WhenAll(light.GoAsync(hash), dark.GoAsync(hash));
            if (name == "log")
            {
                await Task.WhenAll(light.Page.GetByText("Live.").WaitForAsync(), dark.Page.GetByText("Live.").WaitForAsync());
                await SendAsync(host, events, "02-echotest", "edge-4", until: TimeSpan.FromSeconds(3));
            }

            await TakeAsync(light, $"{name}-light", ready, isAccepted);
            await TakeAsync(dark, $"{name}-dark", ready, isAccepted);
        }

        light.ForeignRequests.Concat(dark.ForeignRequests).Should().BeEmpty();
        // What is left of the recording is not waited for.
        await host.App.StopAsync();
        await FluentActions.Awaiting(() => live).Should().ThrowAsync<HttpRequestException>();
    }

    private static async Task TakeAsync(WatchedPage page, string name, string ready, bool isAccepted)
    {
        await page.Find(ready).First.WaitForAsync();
        byte[] picture = await page.Page.ScreenshotAsync(new PageScreenshotOptions { Animations = ScreenshotAnimations.Disabled });
        string file = Path.Combine(s_folder, $"{name}.png");
        if (isAccepted)
        {
            Directory.CreateDirectory(s_folder);
            await File.WriteAllBytesAsync(file, picture);
        }

        picture.Length.Should().BeGreaterThan(10_000, "something is on it");
        File.Exists(file).Should().BeTrue($"{file} is in the repository");
    }

    private static Task SendAsync(DashboardHost host, Uri events, string recording, string server, TimeSpan? until = null, TimeSpan? liveFrom = null, double slowness = 1) =>
        RecordedCalls.SendAsync(
            host.Http, events, recording, until: until, liveFrom: liveFrom, slowness: slowness, change: body => body.Replace("janus-capture-1", server, StringComparison.Ordinal));
}
