using System.Text.Json;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>Recorded calls through the endpoint of a host that is killed in the middle: each call has its record, once, and a rebuild gives the same.</summary>
public sealed class RecordsAfterKillTests
{
    private const string Records =
        "select session,handle,number,outcome,ended_by,end_event,reason,setup_ms,up,ended,room,plugin,opaque_id,quality,media from peerconnections order by session,handle,number";

    [TheoryNeeding(Capabilities.Sqlite)]
    [InlineData("03-videoroom")]
    [InlineData("05-videocall", Traits = ["Category", "Slow"])]
    [InlineData("15b-udp-blackout")]
    [InlineData("15f-link-down-session-timeout", Traits = ["Category", "Slow"])]
    public async Task Each_call_has_one_record_and_a_rebuild_gives_the_same(string recording)
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        var bodies = Recordings.Bodies(recording);
        await using (var host = await SampleHostProcess.StartAsync(new SampleHostOptions { WorkingDirectory = folder.Path, Arguments = store.HostArguments }))
        {
            await SendAsync(host, bodies.Take(bodies.Count / 2));
            await host.KillAsync();
        }

        var expected = Recordings.Read("records.json")[recording].GetProperty("peerconnections").EnumerateArray().Select(Text).Order().ToList();
        await using (var host = await SampleHostProcess.StartAsync(new SampleHostOptions { WorkingDirectory = folder.Path, Arguments = store.HostArguments }))
        {
            await SendAsync(host, bodies.Skip(bodies.Count / 2));
            await Wait.UntilAsync(
                async () => (await store.LinesAsync("select session,handle,number,end_event from peerconnections")).Order().SequenceEqual(expected),
                Wait.Limit,
                $"the records {string.Join(", ", expected)}",
                () => host.Output);
            (await host.StopAsync()).Should().Be(0);
        }

        var stored = await store.LinesAsync(Records);
        await store.QueryAsync("delete from peerconnections");
        (await store.CountAsync("peerconnections")).Should().Be(0);

        (await ToolCommand.RunAsync(folder.Path, ["rebuild", "records", .. store.HostArguments])).Succeeded();

        (await store.LinesAsync(Records)).Should().Equal(stored);
    }

    private static string Text(JsonElement record) =>
        $"{record.GetProperty("session")} {record.GetProperty("handle")} {record.GetProperty("number")} {record.GetProperty("end_event")}";

    private static async Task SendAsync(SampleHostProcess host, IEnumerable<RecordedBody> bodies)
    {
        var sender = new JanusSender(host.Url);
        foreach (var body in bodies)
            (await sender.SendAsync(body.Json)).Status.Should().Be(200);
    }
}
