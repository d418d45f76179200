using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace JanusEvents.Dashboard.Tests;

/// <summary>The page in a real browser: it shows what is wrong, with whom, and why, and takes no harm from what clients call themselves.</summary>
public sealed partial class PageTests(PageFixture browser, SampleHostFixture sample, ITestOutputHelper output) : IClassFixture<PageFixture>, IClassFixture<SampleHostFixture>
{
    // A room in which three publish and each receives the others, from the third second to the 37th.
    private const string Room = "15m-normal-videoroom";
    private static readonly TimeSpan s_roomOfThree = TimeSpan.FromSeconds(20);

    // The uplink of a publisher is dead from the 22nd to the 34th second.
    private static readonly TimeSpan s_beforeUplinkDies = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_whenUplinkIsBack = TimeSpan.FromSeconds(40);

    private static readonly string[] s_publishers = ["6541801930852265", "5977383746210048", "1679800738933042"];

    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
    private static readonly string s_long = new('x', 10_000);
    private static readonly Uri s_events = new("/janus/events", UriKind.Relative);

    [FactNeeding(Capabilities.Chromium)]
    public async Task A_trouble_is_on_the_page_with_sentence_cause_and_link_after_its_row_and_leaves_it_when_it_ends()
    {
        // A host of its own: beside the troubles of other tests it would be one of many, and folded.
        const string Code = "media-lost";
        using TemporaryFolder folder = new();
        await using SampleHostProcess host = await SampleHostProcess.StartAsync(folder.Path);
        await using WatchedPage page = await browser.OpenAsync(host.Url);
        await page.GoAsync("#/");
        using HttpClient http = new();
        using HttpClient reader = new();
        Task sending = RecordedCalls.SendAsync(http, new Uri(host.Url, s_events), "15l-publisher-uplink-dies", liveFrom: s_beforeUplinkDies, until: s_whenUplinkIsBack);

        Task<long> inTable = Task.Run(async () =>
        {
            await Wait.UntilAsync(
                async () => (await reader.GetStringAsync(new Uri(host.Url, "/janus/data/recent-troubles"))).Contains($"\"{Code}\"", StringComparison.Ordinal),
                Wait.Limit,
                "the row of the trouble",
                () => host.Output);
            return Stopwatch.GetTimestamp();
        });
        ILocator trouble = page.Find($"#troubles [data-trouble='{Code}']").First;
        await trouble.WaitForAsync();
        long shown = Stopwatch.GetTimestamp();
        long stored = await inTable;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"On the page {Stopwatch.GetElapsedTime(stored, shown).TotalMilliseconds:0} ms after its row was read (negative: before)"));

        (await trouble.GetAttributeAsync("data-severity")).Should().Be("error");
        (await trouble.GetAttributeAsync("data-emitter")).Should().Be("janus-capture-1");
        string session = (await trouble.GetAttributeAsync("data-session"))!, handle = (await trouble.GetAttributeAsync("data-handle"))!;
        string text = await trouble.InnerTextAsync();
        text.Should().Contain(TroubleTexts.Of(Code).Causes[0][..20], "a cause is said").And.MatchRegex("not heard|no longer|not seen");
        (await trouble.Locator($"a[href*='{session}/{handle}']").CountAsync()).Should().BeGreaterThan(0, "the way to the call is there");

        await trouble.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await sending;
        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task The_page_of_a_live_call_shows_its_set_up_and_charts()
    {
        const string Server = "edge-live";
        JsonElement expected = Recordings.Read("records.json")[Room].GetProperty("peerconnections")[0];
        await sample.SendAsync(Room, Server, until: s_roomOfThree);
        await using WatchedPage page = await browser.OpenAsync(sample.Url);
        await page.GoAsync($"#/call/{Server}/{expected.GetProperty("session")}/{expected.GetProperty("handle")}/{expected.GetProperty("number")}");

        await page.Find("[data-phase='ice']").WaitForAsync();
        await page.Find("[data-chart='bitrate'] canvas").WaitForAsync();
        string text = await page.Find("main").InnerTextAsync();
        text.Should().Contain("Live").And.Contain($"{expected.GetProperty("setup_ms")} ms");
        JsonElement known = (await sample.DataAsync($"call?emitter={Server}&session={expected.GetProperty("session")}&handle={expected.GetProperty("handle")}")).GetProperty("sections").GetProperty("call");
        foreach (JsonElement medium in known.GetProperty("media").EnumerateArray())
            text.Should().Contain(medium.GetProperty("packetsIn").GetInt64().ToString("N0", CultureInfo.InvariantCulture));
        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task The_page_of_a_past_call_shows_its_set_up_and_charts_with_the_numbers_of_the_record()
    {
        const string Server = "edge-past";
        await sample.SendAsync("15b-udp-blackout", Server);
        PeerConnectionRecord? record = null;
        await Wait.UntilAsync(async () => (record = await sample.Records.ReadAsync(new PeerConnectionQuery { Emitter = Server }).FirstOrDefaultAsync()) is not null, Wait.Limit, "the record", () => sample.Output);
        await using WatchedPage page = await browser.OpenAsync(sample.Url);
        await page.GoAsync(HashOf(new CallKey(record!.Emitter, record.Session, record.Handle, record.Number)));

        await page.Find("[data-chart='loss'] canvas").WaitForAsync();
        (await PhaseAsync("ice")).Should().BeCloseTo(Ms(record.Connecting, record.Connected), 1);
        (await PhaseAsync("dtls")).Should().BeCloseTo(Ms(record.Connected, record.DtlsConnected), 1);
        string text = await page.Find("main").InnerTextAsync();
        text.Should().Contain($"{record.SetupMs} ms").And.Contain(record.Media[0].PacketsIn.ToString("N0", CultureInfo.InvariantCulture));
        string roundTrips = await page.Find("[data-chart='rtt'] figcaption").InnerTextAsync();
        PeerConnectionMedium[] measured = [.. record.Media.Where(medium => medium.RttMaxMs is not null)];
        measured.Should().NotBeEmpty();
        foreach (PeerConnectionMedium medium in measured)
            roundTrips.Should().MatchRegex($"{medium.Kind} mean .*, at most {medium.RttMaxMs!.Value.ToString(medium.RttMaxMs < 10 ? "0.#" : "0", CultureInfo.InvariantCulture)} ms");
        page.ShouldBeClean();

        static long Ms(DateTimeOffset? from, DateTimeOffset? to) => (long)Math.Round((to! - from!).Value.TotalMilliseconds, MidpointRounding.AwayFromZero);
        async Task<long> PhaseAsync(string name) => long.Parse((await page.Find($"[data-phase='{name}']").GetAttributeAsync("data-ms"))!, CultureInfo.InvariantCulture);
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task The_arrow_keys_move_the_cursor_of_the_charts_and_the_values_under_it_are_said()
    {
        const string Server = "edge-charts";
        JsonElement past = Recordings.Read("records.json")["15b-udp-blackout"].GetProperty("peerconnections")[0];
        await sample.SendAsync("15b-udp-blackout", Server);
        await using WatchedPage page = await browser.OpenAsync(sample.Url);
        await page.GoAsync($"#/call/{Server}/{past.GetProperty("session")}/{past.GetProperty("handle")}/1");
        await page.Find("[data-chart='rtt'] canvas").WaitForAsync();
        ILocator chart = page.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "Packet loss" });
        ILocator other = page.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "Round-trip time" });

        // As the Tab key leads to it.
        await chart.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        string first = await ValuesAsync(chart);
        first.Should().MatchRegex("^\\d\\d:\\d\\d:\\d\\d .*audio in .*video in ");
        (await page.Find("[data-chart='loss'] .cursor").TextContentAsync()).Should().Be(first, "it can be seen as well");
        (await ValuesAsync(other)).Should().MatchRegex($"^{first[..8]} ", "all charts show the same time");

        await page.Page.Keyboard.PressAsync("ArrowRight");
        string second = await ValuesAsync(chart);
        string.CompareOrdinal(second[..8], first[..8]).Should().BePositive("the cursor is at the next value, not at that of another medium of the same time");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        (await ValuesAsync(chart)).Should().Be(first);
        await page.Page.Keyboard.PressAsync("End");
        string last = await ValuesAsync(chart);
        string.CompareOrdinal(last[..8], second[..8]).Should().BePositive();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        (await ValuesAsync(chart)).Should().Be(last, "the last one is the last one");

        await page.Page.Keyboard.PressAsync("+");
        await page.Page.Keyboard.PressAsync("Home");
        string.CompareOrdinal((await ValuesAsync(chart))[..8], first[..8]).Should().BePositive("it is zoomed to the part around the cursor");
        await page.Page.Keyboard.PressAsync("-");
        await page.Page.Keyboard.PressAsync("Home");
        (await ValuesAsync(chart)).Should().Be(first);
        page.ShouldBeClean();

        static async Task<string> ValuesAsync(ILocator chart) => (await chart.GetAttributeAsync("aria-valuetext"))!;
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task A_room_of_three_shows_who_publishes_and_who_receives_whom()
    {
        const string Server = "edge-room";
        await sample.SendAsync(Room, Server, until: s_roomOfThree);
        await using WatchedPage page = await browser.OpenAsync(sample.Url);

        await page.GoAsync("#/rooms");
        await page.Find($"[data-room='4712'] a[href='#/room/{Server}/janus.plugin.videoroom/4712']").First.ClickAsync();

        await page.Find("td[data-state]").First.WaitForAsync();
        foreach (string publisher in s_publishers)
        {
            foreach (string subscriber in s_publishers.Where(p => p != publisher))
                (await page.Find($"td[data-publisher='{publisher}'][data-subscriber='{subscriber}']").GetAttributeAsync("data-state")).Should().Be("flowing");
        }

        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task Search_finds_by_session_handle_room_display_name_opaque_id_and_address()
    {
        const string Server = "edge-search";
        await sample.SendAsync(Room, Server, until: s_roomOfThree);
        await using WatchedPage page = await browser.OpenAsync(sample.Url);
        await page.GoAsync("#/");
        const string Call = $"#/call/{Server}/8534502380836248/8494649923565411/";

        foreach ((string by, string text, string address) in new[]
        {
            ("session", "8534502380836248", Call),
            ("handle", "8494649923565411", Call),
            ("room", "4712", $"#/room/{Server}/janus.plugin.videoroom/4712"),
            ("display name", "ada", Call),
            ("opaque id", "room-ada", Call),
            ("address", "10.77.0.2", Call),
        })
        {
            await page.Page.Keyboard.PressAsync("/");
            await page.Page.Keyboard.TypeAsync(text);
            await page.Page.Keyboard.PressAsync("Enter");
            await page.Page.WaitForFunctionAsync("text => document.querySelector('main h1')?.innerText === 'Search for ' + text && document.querySelector('main .hits, main .empty') && !document.querySelector('main')?.innerText.includes('Searching')", text);
            (await page.Find($"main .hits a[href^='{address}']").CountAsync()).Should().BePositive($"it is found by {by}:\n{await page.Find("main").InnerTextAsync()}");
        }

        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task Search_leads_to_the_call_by_the_keyboard_alone()
    {
        await sample.SendAsync(Room, "edge-keyboard", until: s_roomOfThree);
        await using WatchedPage page = await browser.OpenAsync(sample.Url);
        await page.GoAsync("#/");
        await page.Find("#servers, [data-server]").First.WaitForAsync();

        await page.Page.Keyboard.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("647490665256119");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Find("main a[href^='#/call/']").First.WaitForAsync();
        for (int i = 0; i < 40 && !(await page.Page.EvaluateAsync<string?>("document.activeElement?.getAttribute('href')") ?? "").StartsWith("#/call/", StringComparison.Ordinal); i++)
            await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Enter");

        await page.Page.WaitForURLAsync(new Regex("#/call/.*647490665256119"));
        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task The_log_shows_what_is_chosen_and_stands_still_while_it_is_paused()
    {
        const string Server = "edge-log";
        await using WatchedPage page = await browser.OpenAsync(sample.Url);
        await page.GoAsync($"#/log?types=1&q={Server}");
        await page.Page.GetByText("Live.").WaitForAsync();

        await sample.PostAsync($$"""{"emitter":"{{Server}}","type":256,"event":{"status":"update"} }""");
        await sample.PostAsync("""{"emitter":"edge-other","type":1,"timestamp":1764000000000000,"session_id":100,"event":{"name":"created"}}""");
        await sample.PostAsync($$"""{"emitter":"{{Server}}","type":1,"timestamp":1764000000000000,"session_id":101,"event":{"name":"created"} }""");
        await page.Find("[data-event='session']").First.WaitForAsync();
        (await page.Find("[data-event]").CountAsync()).Should().Be(1, "the other events are of another type or server");

        await page.Find("button.pause").ClickAsync();
        await sample.PostAsync($$"""{"emitter":"{{Server}}","type":1,"timestamp":1764000000000000,"session_id":102,"event":{"name":"created"} }""");
        await page.Page.GetByText("1 waiting").WaitForAsync();
        (await page.Find("[data-event='session']").CountAsync()).Should().Be(1);
        await page.Find("button.pause").ClickAsync();
        await page.Find("[data-event='session'] >> nth=1").WaitForAsync();
        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task Ended_calls_are_shown_to_the_last_one_in_any_order()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(services => services.AddSingleton<IPeerConnectionStore>(new FixedRecords(250)));
        await using WatchedPage page = await browser.OpenAsync(host.Address);
        await page.GoAsync("#/calls?span=7d");

        foreach ((string column, string button) in new[] { ("Ended", "Show older ones"), ("Duration", "Show more"), ("Set-up", "Show more"), ("Quality", "Show more") })
        {
            if (column != "Ended")
                await page.Find($"th[aria-sort] button:has-text('{column}')").ClickAsync();
            foreach (int shown in new[] { 100, 200, 250 })
            {
                await page.Page.WaitForFunctionAsync("count => document.querySelectorAll('main [data-call]').length === count", shown);
                if (shown < 250)
                    await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).ClickAsync();
            }

            (await page.Page.EvaluateAsync<int>("new Set([...document.querySelectorAll('main [data-call]')].map(row => row.dataset.call)).size")).Should().Be(250);
            (await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).CountAsync()).Should().Be(0);
        }

        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public async Task Hostile_names_are_text_and_nothing_else()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        string[] names = [Hostile, s_long, "\u202Edlrow\u202C \u2067olleh\u2069", "Carol \"quoted\" <b>"];
        int next = 0;
        Dictionary<string, string> given = [];
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15m-normal-videoroom", until: TimeSpan.FromSeconds(20), change: body => Display().Replace(body, match =>
        {
            if (!given.TryGetValue(match.Value, out string? name))
                given[match.Value] = name = names[next++ % names.Length];
            return JsonSerializer.Serialize(name)[1..^1];
        }));
        MonitorSnapshot snapshot = host.App.Services.GetRequiredService<IJanusMonitor>().Read();
        CallState call = snapshot.Calls.First(c => c.Display == Hostile);
        await using WatchedPage page = await browser.OpenAsync(host.Address);

        foreach (string hash in Pages(snapshot, call).Append($"#/search?q={Uri.EscapeDataString(Hostile)}").Append($"#/log?q={Uri.EscapeDataString(Hostile)}"))
        {
            await page.GoAsync(hash);
            await page.Find("main h1").WaitForAsync();
            await page.Page.WaitForFunctionAsync("() => document.querySelector('main')?.innerText.length > 20");
            (await page.Find("main img, main script").CountAsync()).Should().Be(0, hash);
            (await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0, $"nothing is wider than the window on {hash}");
        }

        await page.GoAsync("#/rooms");
        await page.GoAsync(RoomHash(snapshot.Rooms[0]));
        await page.Page.GetByText(Hostile).First.WaitForAsync();
        page.ShouldBeClean();
    }

    [FactNeeding(Capabilities.Chromium)]
    public Task The_pages_of_what_is_wrong_now_meet_WCAG_2_2_AA_as_far_as_a_program_can_tell() =>
        ShouldMeetWcagAsync(isDark: false, 1280, (snapshot, call) => ["#/", RoomHash(snapshot.Rooms[0]), HashOf(call.Key)]);

    [TheoryNeeding(Capabilities.Chromium)]
    [Trait("Category", "Slow")]
    [InlineData(false, 1280)]
    [InlineData(true, 1280)]
    [InlineData(false, 360)]
    public Task Every_page_does_so_in_light_and_dark_colours_and_on_a_telephone(bool isDark, int width) =>
        ShouldMeetWcagAsync(isDark, width, (snapshot, call) => [.. Pages(snapshot, call), "#/search?q=a", "#/call//1/2/1"]);

    [FactNeeding(Capabilities.Chromium)]
    public async Task Without_streams_the_page_polls()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(settings: new Dictionary<string, string?> { ["JanusEvents:Dashboard:MaxStreams"] = "1" });
        using HttpResponseMessage taken = await host.GetAsync("/janus/live?view=overview");
        await using WatchedPage page = await browser.OpenAsync(host.Address);
        await page.GoAsync("#/");

        await host.PostAsync("""{"emitter":"edge-7","type":1,"timestamp":1764000000000000,"session_id":11,"event":{"name":"created"}}""");

        await page.Find("[data-server='edge-7']").WaitForAsync();
        page.ForeignRequests.Should().BeEmpty();
    }

    private async Task ShouldMeetWcagAsync(bool isDark, int width, Func<MonitorSnapshot, CallState, IEnumerable<string>> pages)
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15b-udp-blackout", change: body => body.Replace("janus-capture-1", "edge-2", StringComparison.Ordinal));
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15l-publisher-uplink-dies", until: TimeSpan.FromSeconds(28));
        MonitorSnapshot snapshot = host.App.Services.GetRequiredService<IJanusMonitor>().Read();
        await using WatchedPage page = await browser.OpenAsync(host.Address, isDark, width);
        List<string> found = [];

        foreach (string hash in pages(snapshot, snapshot.Calls[0]))
        {
            await page.GoAsync(hash);
            await page.Find("main h1").WaitForAsync();
            await page.Page.WaitForLoadStateAsync(LoadState.Load);
            await page.Page.WaitForFunctionAsync("() => document.querySelector('main')?.innerText.length > 20");
            AxeResult result = await page.Page.RunAxe(new AxeRunOptions
            {
                // Details of rules that hold are not gathered, which takes longer than the rules.
                ResultTypes = [ResultType.Violations],
                RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
            });
            found.AddRange(result.Violations.Select(v => $"{hash}: {v.Id}: {v.Nodes[0].Html}"));
            if (await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") is > 0 and int wider)
                found.Add($"{hash}: {wider} px wider than the window of {width} px");
        }

        found.Should().BeEmpty();
        page.ForeignRequests.Should().BeEmpty();
    }

    private static IEnumerable<string> Pages(MonitorSnapshot snapshot, CallState call) =>
        ["#/", $"#/server/{Uri.EscapeDataString(call.Key.Emitter ?? "")}", "#/rooms", RoomHash(snapshot.Rooms[0]), "#/calls", HashOf(call.Key), "#/log", "#/feed"];

    private static string RoomHash(RoomState room) => $"#/room/{Uri.EscapeDataString(room.Emitter ?? "")}/{room.Plugin}/{room.Room}";

    private static string HashOf(CallKey key) => string.Create(CultureInfo.InvariantCulture, $"#/call/{Uri.EscapeDataString(key.Emitter ?? "")}/{key.Session}/{key.Handle}/{key.Number}");

    [GeneratedRegex("(?<=\"display\"\\s*:\\s*\")[^\"]+")]
    private static partial Regex Display();
}
