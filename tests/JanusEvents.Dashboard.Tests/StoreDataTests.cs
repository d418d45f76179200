using System.Net;
using System.Text.Json;
using JanusEvents.Dashboard.Queries;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Dashboard.Tests;

/// <summary>Records, files and search: what the page asks of the store.</summary>
public sealed class StoreDataTests
{
    private static readonly Uri s_events = new("/janus/events", UriKind.Relative);

    [Fact]
    public async Task Records_are_filtered_summed_up_and_downloaded()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15m-normal-videoroom");
        int count = Recordings.Read("records.json")["15m-normal-videoroom"].GetProperty("peerconnections").GetArrayLength();
        await RecordsAsync(host, count);

        JsonElement all = await JsonAsync(host, "/janus/data/records?by=plugin");
        JsonElement one = await JsonAsync(host, "/janus/data/records?limit=1&sort=duration");
        JsonElement none = await JsonAsync(host, "/janus/data/records?outcome=refused");
        string[] csv = (await host.TextAsync("/janus/data/records.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        all.GetProperty("records").GetArrayLength().Should().Be(count);
        all.GetProperty("summary").GetProperty("count").GetInt32().Should().Be(count);
        all.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("name").GetString()).Should().Equal("janus.plugin.videoroom");
        one.GetProperty("records").GetArrayLength().Should().Be(1);
        one.GetProperty("more").GetBoolean().Should().BeTrue();
        one.GetProperty("records")[0].GetProperty("durationMs").GetInt64().Should().Be(all.GetProperty("records").EnumerateArray().Max(r => r.GetProperty("durationMs").GetInt64()));
        none.GetProperty("records").GetArrayLength().Should().Be(0);
        none.GetProperty("summary").GetProperty("count").GetInt32().Should().Be(0);
        csv.Should().HaveCount(count + 1);
        csv[0].Should().StartWith("emitter,session,handle,number");
        JsonDocument.Parse(await host.TextAsync("/janus/data/records.json")).RootElement.GetArrayLength().Should().Be(count);
    }

    [Theory]
    [InlineData("ended")]
    [InlineData("setup")]
    [InlineData("duration")]
    [InlineData("quality")]
    public async Task A_list_of_records_goes_on_behind_the_last_one_shown_in_every_order(string sort)
    {
        await using DashboardHost host = await DashboardHost.StartAsync(services => services.AddSingleton<IPeerConnectionStore>(new FixedRecords(250)));
        List<string> shown = [];
        string? next = null;
        do
        {
            JsonElement page = await JsonAsync(host, $"/janus/data/records?sort={sort}&limit=40&after={Uri.EscapeDataString(next ?? "")}");
            shown.AddRange(page.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("handle").GetString()!));
            next = page.GetProperty("next").GetString();
            page.GetProperty("more").GetBoolean().Should().Be(next is not null);
        }
        while (next is not null && shown.Count < 300);

        JsonElement whole = await JsonAsync(host, $"/janus/data/records?sort={sort}&limit=1000");
        shown.Should().Equal(whole.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("handle").GetString()!));
        shown.Should().OnlyHaveUniqueItems().And.HaveCount(250);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1~2~3")]
    [InlineData("0~9223372036854775807~1~2~1~edge")]
    [InlineData("0~3155378975999999998~1~2~1~edge")]
    [InlineData("NaN~0~1~2~1~")]
    public async Task A_place_in_a_list_that_does_not_exist_is_no_error(string after)
    {
        await using DashboardHost host = await DashboardHost.StartAsync(services => services.AddSingleton<IPeerConnectionStore>(new FixedRecords(3)));

        using HttpResponseMessage got = await host.GetAsync($"/janus/data/records?after={Uri.EscapeDataString(after)}");

        got.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void A_name_is_no_formula_in_a_spreadsheet_and_breaks_no_line(string name, string cell)
    {
        PeerConnectionRecord record = new()
        {
            Session = 1, Handle = 2, Number = 1, Ended = DateTimeOffset.UnixEpoch, Outcome = "completed", EndedBy = "client", EndEvent = "hangup", Display = name,
        };

        RecordRow.Csv(record, new RowTexts(new JanusDashboardOptions())).Should().Contain($",{cell},");
    }

    [Fact]
    public async Task Search_finds_by_session_handle_room_name_opaque_id_and_address_what_is_live_and_what_is_past()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15m-normal-videoroom", until: TimeSpan.FromSeconds(15));
        CallState live = host.App.Services.GetRequiredService<IJanusMonitor>().Read().Calls.First(c => c.Display is not null);
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15b-udp-blackout", change: body => body.Replace("janus-capture-1", "edge-2", StringComparison.Ordinal));
        PeerConnectionRecord past = (await RecordsAsync(host, 1)).First(r => r.Session != live.Key.Session);

        foreach (string text in new[] { Text(live.Key.Session), Text(live.Key.Handle), live.Display!, live.OpaqueId! })
        {
            (await SearchAsync(host, "live", text)).Should().Contain(hit => hit.Hash.StartsWith("#/call/", StringComparison.Ordinal) && hit.Hash.Contains(Text(live.Key.Handle), StringComparison.Ordinal), text);
        }

        (await SearchAsync(host, "live", live.Room!)).Should().Contain(hit => hit.Kind == "room");
        foreach (string text in new[] { Text(past.Session), Text(past.Handle), past.OpaqueId }.OfType<string>())
            (await SearchAsync(host, "stored", text)).Should().Contain(hit => hit.Hash.Contains(Text(past.Handle), StringComparison.Ordinal), text);
        JsonElement call = await JsonAsync(host, $"/janus/data/call?emitter=edge-2&session={past.Session}&handle={past.Handle}&number=1");
        string address = call.GetProperty("sections").GetProperty("candidates").EnumerateArray()
            .First(candidate => candidate.GetProperty("side").GetString() == "remote").GetProperty("address").GetString()!.Split(':')[0];
        (await SearchAsync(host, "stored", address)).Should().Contain(hit => hit.Hash.Contains(Text(past.Handle), StringComparison.Ordinal));
        (await SearchAsync(host, "live", "nobody has this name")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_said_so_and_nothing_of_it_is_shown()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(services => services.AddSingleton<IPeerConnectionStore, BrokenStore>());

        using HttpResponseMessage got = await host.GetAsync("/janus/data/records");

        got.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await got.Content.ReadAsStringAsync()).Should().Contain("cannot be read").And.NotContain("secret");
    }

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<(string Kind, string Hash)[]> SearchAsync(DashboardHost host, string where, string text) =>
        [.. (await JsonAsync(host, $"/janus/data/search?q={Uri.EscapeDataString(text)}")).GetProperty(where).EnumerateArray()
            .Select(hit => (hit.GetProperty("kind").GetString()!, hit.GetProperty("hash").GetString()!))];

    private static async Task<JsonElement> JsonAsync(DashboardHost host, string path) => JsonDocument.Parse(await host.TextAsync(path)).RootElement;

    private static async Task<IReadOnlyList<PeerConnectionRecord>> RecordsAsync(DashboardHost host, int count)
    {
        IPeerConnectionStore store = host.App.Services.GetRequiredService<IPeerConnectionStore>();
        List<PeerConnectionRecord> records = [];
        await Wait.UntilAsync(async () => (records = await store.ReadAsync(new PeerConnectionQuery()).ToListAsync()).Count >= count, Wait.Limit, $"{count} records");
        return records;
    }

    private sealed class BrokenStore : IPeerConnectionStore
    {
        public IAsyncEnumerable<PeerConnectionRecord> ReadAsync(PeerConnectionQuery query, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("secret server name");

        public Task<IReadOnlyList<PeerConnectionSummary>> SummarizeAsync(
            PeerConnectionQuery query, PeerConnectionGrouping by = PeerConnectionGrouping.None, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("secret server name");
    }
}
