using JanusEvents.Monitoring.Tests.Notifications;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Hosts;

/// <summary>All calls of a server are lost at once: whoever is notified gets a message or two, and not one for each call.</summary>
public sealed class StormTests : IDisposable
{
    private const int Calls = 500;

    private readonly TemporaryFolder _folder = new();
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    private readonly SyntheticCall[] _calls = [.. Enumerable.Range(1, Calls).Select(number => new SyntheticCall("edge-7", number))];
    private readonly RecordingHandler _handler = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_is_killed_is_one_trouble_and_one_message_and_each_call_has_its_record()
    {
        await using StoringHost host = await StartAsync();
        await EachAsync(host, call => call.Begin(_start));
        await EachAsync(host, call => call.Statistics(_start.AddSeconds(2), 100));

        await StartJanusAsync(host, _start.AddSeconds(5));

        await Wait.UntilAsync(async () => (await host.RecordsAsync()).Count == Calls, Wait.Limit, "the records");
        (await host.RecordsAsync()).Should().OnlyContain(r => r.EndEvent == "restart" && r.Outcome == "dropped" && r.EndedBy == "server");
        Trouble trouble = (await host.TroublesAsync()).Should().ContainSingle().Subject;
        (trouble.Code, trouble.Subject.Emitter, trouble.Numbers["peerConnections"]).Should().Be((TroubleCodes.ServerRestarted, "edge-7", Calls));
        await Wait.UntilAsync(() => _handler.All.Count > 0, Wait.Limit, "the message");
        _handler.All.Should().ContainSingle().Which.Trouble!.Id.Should().Be(trouble.Id);
    }

    [Fact]
    public async Task Media_of_all_calls_that_are_lost_before_it_dies_are_one_digest_and_one_message_of_the_server()
    {
        await using StoringHost host = await StartAsync();
        await EachAsync(host, call => call.Begin(_start));
        await EachAsync(host, call => call.Statistics(_start.AddSeconds(1), 50));
        await EachAsync(host, call => call.Receiving(_start.AddSeconds(2), false));
        foreach (int second in Enumerable.Range(2, 5))
            await EachAsync(host, call => call.Statistics(_start.AddSeconds(second), 50));
        await Wait.UntilAsync(() => OpenAt(host) == Calls, Wait.Limit, "the trouble of each call", () => $"{OpenAt(host)} are open");

        await StartJanusAsync(host, _start.AddSeconds(8));

        await Wait.UntilAsync(() => _handler.All.Any(n => n.Digest is not null) && _handler.All.Any(n => n.Trouble is not null), Wait.Limit, "a message and a digest");
        await Wait.UntilAsync(async () => (await host.TroublesAsync()).Count(t => t.Ended is not null) == Calls + 1, Wait.Limit, "all to be over");
        _handler.All.Should().HaveCount(2);
        _handler.All.Single(n => n.Trouble is not null).Trouble!.Code.Should().Be(TroubleCodes.ServerRestarted);
        TroubleDigest digest = _handler.All.Single(n => n.Digest is not null).Digest!;
        digest.Counts.Should().Equal(new TroubleCount("edge-7", TroubleCodes.MediaLost, TroubleSeverity.Error, Calls));
        (await host.TroublesAsync()).GroupBy(t => t.Code).ToDictionary(g => g.Key, g => g.Count())
            .Should().Equal(new Dictionary<string, int> { [TroubleCodes.MediaLost] = Calls, [TroubleCodes.ServerRestarted] = 1 });
    }

    // Shorter than by default, but so long that the whole storm is there before the first of its calls is due.
    private Task<StoringHost> StartAsync() => StoringHost.StartAsync(
        _folder["events.db"],
        builder =>
        {
            builder.Services.AddSingleton(_handler);
            builder.AddTroubleHandler<RecordingHandler>();
        },
        [.. StoringHost.AnyTime, ("JanusEvents:Monitoring:NotifyAfter", "00:00:05")]);

    private static int OpenAt(StoringHost host) => host.Services.GetRequiredService<IJanusMonitor>().Read().Troubles.Count;

    private async Task EachAsync(StoringHost host, Func<SyntheticCall, IEnumerable<JanusEvent>> eventsOf)
    {
        foreach (SyntheticCall[] some in _calls.Chunk(50))
            await host.DeliverAsync(some.SelectMany(eventsOf));
    }

    private static async Task StartJanusAsync(StoringHost host, DateTimeOffset at)
    {
        await host.DeliverAsync(new CoreEvent { Emitter = "edge-7", Timestamp = at, Subtype = 1, Status = CoreStates.Started });
        await host.DeliverAsync(new SyntheticCall("edge-7", 1_000).Begin(at.AddSeconds(2)));
    }
}
