using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Hosts;

/// <summary>
/// A host that is started anew on a busy deployment: the last stored events that it follows first have nothing of a call that began
/// earlier.
/// </summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SyntheticCall _call = new("edge-7", 1);

    // Seconds, as the store keeps no more than microseconds.
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private string File => _folder["events.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_call_whose_statistics_go_on_is_known_from_its_beginning()
    {
        await BeginAsync(_call.Begin(_start));
        await using StoringHost host = await StoringHost.StartAsync(File, null, StoringHost.AnyTime);
        IJanusMonitor monitor = host.Services.GetRequiredService<IJanusMonitor>();
        monitor.Read().Calls.Should().BeEmpty("nothing of it is among the last events");

        await host.DeliverAsync(_call.Statistics(_start.AddSeconds(1), 50));

        await Wait.UntilAsync(
            () => monitor.FindCall(new CallKey("edge-7", _call.Session, _call.Handle, 0)) is { State: { OpaqueId: "client-1", Room: "1234", Display: "Carol" } },
            Wait.Limit,
            "what the store has of the call");
        CallState call = monitor.FindCall(new CallKey("edge-7", _call.Session, _call.Handle, 0))!.State;
        call.Up.Should().Be(_start.AddMilliseconds(62));
        call.SetupMs.Should().Be(40);
        await host.DeliverAsync(_call.Statistics(_start.AddSeconds(2), 100));
        await host.DeliverAsync([.. _call.HangUp(_start.AddSeconds(3)), .. new SyntheticCall("edge-7", 2).Begin(_start.AddSeconds(5))]);
        PeerConnectionRecord record = await OnlyRecordAsync(host);
        (record.Number, record.Outcome, record.EndEvent, record.Reason).Should().Be((1, "completed", "hangup", "DTLS alert"));
        (record.Attached, record.Up, record.Ended).Should().Be((_start, _start.AddMilliseconds(62), _start.AddSeconds(3)));
        record.Media.Should().HaveCount(2).And.OnlyContain(m => m.PacketsIn == 100);
    }

    [Fact]
    public async Task The_session_of_a_call_that_is_not_heard_of_but_for_its_time_out_is_lost()
    {
        SyntheticCall hungUp = new("edge-7", 3);
        await BeginAsync([.. _call.Begin(_start), .. hungUp.Begin(_start), .. hungUp.HangUp(_start.AddSeconds(1))]);
        await using StoringHost host = await StoringHost.StartAsync(File, null, StoringHost.AnyTime);

        await host.DeliverAsync([.. hungUp.TimeOut(_start.AddSeconds(60)), .. _call.TimeOut(_start.AddSeconds(60)), .. new SyntheticCall("edge-7", 2).Begin(_start.AddSeconds(62))]);

        await Wait.UntilAsync(async () => (await host.TroublesAsync()).Count > 0, Wait.Limit, "the trouble");
        PeerConnectionRecord record = await OnlyRecordAsync(host, _call);
        Trouble lost = (await host.TroublesAsync()).Should().ContainSingle().Subject;
        (lost.Code, lost.Subject.Session, lost.Subject.OpaqueId, lost.Began).Should().Be((TroubleCodes.SessionLost, _call.Session, "client-1", _start.AddSeconds(60)));
        (record.Outcome, record.EndEvent).Should().Be(("dropped", "timeout"));
        record.Troubles.Should().Equal(TroubleCodes.SessionLost);
    }

    [Fact]
    public async Task A_trouble_that_goes_on_over_a_restart_ends_once_as_what_it_was()
    {
        await using (StoringHost first = await StoringHost.StartAsync(File, null, StoringHost.AnyTime))
        {
            await first.DeliverAsync(_call.Begin(_start));
            await first.DeliverAsync(_call.Statistics(_start.AddSeconds(1), 50));
            await first.DeliverAsync(_call.Receiving(_start.AddSeconds(2), false));
            foreach (int second in Enumerable.Range(2, 6))
                await first.DeliverAsync(_call.Statistics(_start.AddSeconds(second), 50));
        }

        await using StoringHost host = await StoringHost.StartAsync(File, null, StoringHost.AnyTime);
        Trouble open = (await host.TroublesAsync()).Should().ContainSingle().Subject;
        (open.Code, open.Ended).Should().Be((TroubleCodes.MediaLost, null));

        await host.DeliverAsync(_call.Statistics(_start.AddSeconds(8), 50));
        await host.DeliverAsync(_call.Receiving(_start.AddSeconds(9), true));

        await Wait.UntilAsync(async () => (await host.TroublesAsync()).TrueForAll(t => t.Ended is not null), Wait.Limit, "its end");
        Trouble ended = (await host.TroublesAsync()).Should().ContainSingle().Subject;
        (ended.Id, ended.Ended, ended.EndedBy).Should().Be((open.Id, _start.AddSeconds(9), TroubleEnd.Recovered));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_is_silent_when_no_host_of_the_store_hears_of_it(bool hasAnotherHost)
    {
        (string, string)[] soon = [.. StoringHost.AnyTime, ("JanusEvents:Monitoring:Troubles:server-silent:After", "00:00:02")];
        await BeginAsync(_call);
        await using StoringHost host = await StoringHost.StartAsync(File, null, soon);
        await using StoringHost other = await StoringHost.StartAsync(File, null, soon);
        IJanusMonitor monitor = host.Services.GetRequiredService<IJanusMonitor>();
        monitor.Read().Servers.Should().ContainSingle(s => s.Emitter == "edge-7");

        if (hasAnotherHost)
        {
            int second = 1;
            await Wait.UntilAsync(
                async () =>
                {
                    await other.DeliverAsync(_call.Statistics(_start.AddSeconds(++second), 50 * second));
                    return !monitor.Read().Servers.Any(s => s.Emitter == "edge-7");
                },
                Wait.Limit,
                "the host to leave it to the other one");
            (await host.TroublesAsync()).Should().BeEmpty();
            (await host.RecordsAsync()).Should().BeEmpty("the call goes on");
        }
        else
        {
            await Wait.UntilAsync(() => monitor.Read().Troubles.Any(t => t is { Code: TroubleCodes.ServerSilent, Subject.Emitter: "edge-7" }), Wait.Limit, "the trouble");
        }
    }

    private async Task BeginAsync(SyntheticCall call)
    {
        await using StoringHost host = await StoringHost.StartAsync(File, null, StoringHost.AnyTime);
        await host.DeliverAsync([.. call.Begin(_start), .. call.Statistics(_start.AddSeconds(1), 50)]);
    }

    private async Task BeginAsync(IEnumerable<JanusEvent> events)
    {
        await using StoringHost host = await StoringHost.StartAsync(File, null, StoringHost.AnyTime);
        await host.DeliverAsync(events);
        await host.BuryAsync();
    }

    private static async Task<PeerConnectionRecord> OnlyRecordAsync(StoringHost host, SyntheticCall? call = null)
    {
        List<PeerConnectionRecord> records = [];
        await Wait.UntilAsync(
            async () => (records = [.. (await host.RecordsAsync()).Where(r => call is null || r.Handle == call.Handle)]).Count > 0, Wait.Limit, "the record");
        return records.Should().ContainSingle().Subject;
    }
}
