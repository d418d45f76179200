using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Tests.Notifications;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Hosts;

/// <summary>Monitoring that is turned off in the settings.</summary>
public sealed class DisabledTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_are_stored_and_nothing_is_followed_recorded_or_notified()
    {
        RecordingHandler handler = new();
        string file = _folder["events.db"];
        await using (StoringHost host = await StoringHost.StartAsync(
            file,
            builder =>
            {
                builder.Services.AddSingleton(handler);
                builder.AddTroubleHandler<RecordingHandler>();
            },
            ("JanusEvents:Monitoring:Enabled", "false"),
            ("JanusEvents:Monitoring:NotifyAfter", "00:00:00")))
        {
            JanusSender sender = new(host.Url);
            foreach (RecordedBody body in Recordings.Bodies("15f-link-down-session-timeout"))
                (await sender.SendAsync(body.Json)).Status.Should().Be(200);

            MonitorSnapshot snapshot = host.Services.GetRequiredService<IJanusMonitor>().Read();
            (snapshot.Servers.Count, snapshot.Calls.Count, snapshot.Troubles.Count, snapshot.RecentTroubles.Count).Should().Be((0, 0, 0, 0));
            host.Services.GetRequiredService<MonitoredServers>().Read().Should().BeEmpty();
        }

        // Whatever the first host would have written late is written when it has stopped.
        await using StoringHost next = await StoringHost.StartAsync(file, null, ("JanusEvents:Monitoring:Enabled", "false"));
        (await next.TroublesAsync()).Should().BeEmpty();
        (await next.RecordsAsync()).Should().BeEmpty();
        (await next.Services.GetRequiredService<IEventStore>().ReadAsync(new EventQuery()).CountAsync()).Should().BePositive();
        handler.All.Should().BeEmpty();
    }
}
