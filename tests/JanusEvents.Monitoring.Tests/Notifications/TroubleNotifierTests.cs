using JanusEvents.Monitoring.Notifications;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>What the log, the instruments and handlers get of troubles.</summary>
public sealed class TroubleNotifierTests
{
    [Fact]
    public async Task A_handler_gets_the_begin_after_ten_seconds_of_the_clock_and_the_end_at_once()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(b => b.AddTroubleHandler<RecordingHandler>());
        RecordingHandler handler = host.Services.GetRequiredService<RecordingHandler>();

        host.Began(SampleTroubles.OfCall());
        host.Clock.Advance(TimeSpan.FromSeconds(9));
        host.Began(SampleTroubles.OfServer());
        await Wait.UntilAsync(() => handler.All.Count > 0, Wait.Limit, "the trouble of the server");
        handler.All.Should().ContainSingle().Which.Trouble!.Code.Should().Be(TroubleCodes.ServerSilent, "the call's is not due");
        host.Ended(SampleTroubles.OfServer().Over());
        await Wait.UntilAsync(() => handler.All.Count > 1, Wait.Limit, "its end");
        handler.All[1].Type.Should().Be(TroubleNotificationType.Ended);

        host.Clock.Advance(TimeSpan.FromSeconds(6));
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Warning).Count() == 2, Wait.Limit, "both lines");
    }

    [Fact]
    public async Task The_log_has_one_line_for_the_begin_and_one_for_the_end_without_names()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(_ => { });
        Trouble trouble = SampleTroubles.OfCall();
        host.Began(trouble);
        host.Changed(trouble with { Severity = TroubleSeverity.Critical }, TroubleChange.Worsened);
        host.Ended(trouble.Over());
        host.Began(SampleTroubles.OfCall(2, severity: TroubleSeverity.Info));

        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Information).Any(line => line.Contains("ended", StringComparison.Ordinal)), Wait.Limit, "the end");
        string began = host.Log.Of(LogLevel.Warning).Should().ContainSingle().Subject;
        began.Should().Be($"Trouble media-lost (Error) began on server edge-7, session {trouble.Subject.Session}, handle {trouble.Subject.Handle}. Its id is {trouble.Id}.");
        string ended = host.Log.Of(LogLevel.Information).Single(line => line.StartsWith("Trouble ", StringComparison.Ordinal));
        ended.Should().Contain("after 00:00:06: Recovered");
        (began + ended).Should().NotContain("Carol").And.NotContain("1234");
    }

    [Fact]
    public async Task A_handler_that_throws_is_logged_without_what_it_said_and_called_again()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(b => b.AddTroubleHandler<ThrowingHandler>().AddTroubleHandler<RecordingHandler>());
        ThrowingHandler failing = host.Services.GetRequiredService<ThrowingHandler>();

        host.Began(SampleTroubles.OfServer());
        await Wait.UntilAsync(() => host.Services.GetRequiredService<RecordingHandler>().All.Count == 1, Wait.Limit, "the other handler");
        await host.AdvanceUntilAsync(TimeSpan.FromSeconds(2), () => failing.Calls >= 2, "a retry");

        string line = host.Log.Of(LogLevel.Warning).Single(text => text.Contains("handler", StringComparison.Ordinal));
        line.Should().StartWith("Trouble handler ThrowingHandler failed (InvalidOperationException)");
    }

    [Fact]
    public async Task A_handler_that_blocks_holds_up_neither_who_reports_nor_another_handler_nor_the_stop_of_the_host()
    {
        using BlockingHandler blocking = new();
        NotifyingHost host = await NotifyingHost.StartAsync(b =>
        {
            b.Services.AddSingleton(blocking);
            b.AddTroubleHandler<BlockingHandler>().AddTroubleHandler<RecordingHandler>();
        });
        host.Began(SampleTroubles.OfServer(emitter: "edge-0"));
        blocking.Entered.Wait(Wait.Limit).Should().BeTrue();

        // On this thread: were it held up, the test would never end, since the handler is let go below.
        for (int i = 0; i < 20_000; i++)
            host.Began(SampleTroubles.OfCall(i));
        RecordingHandler other = host.Services.GetRequiredService<RecordingHandler>();
        await host.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => other.All.Any(n => n.Type == TroubleNotificationType.Digest), "the digest of the other handler");
        await host.AdvanceUntilAsync(
            TimeSpan.FromSeconds(5), () => other.All.Sum(n => n.Digest?.Count ?? 0) == 20_000, "all 20,000 to be counted");

        blocking.LetGo.Set();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Instruments_count_what_is_open_and_what_began_by_server_code_and_severity()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(_ => { });
        using Measurements measured = new(host.Services);
        Trouble first = SampleTroubles.OfCall(severity: TroubleSeverity.Warning);
        host.Began(first);
        host.Began(SampleTroubles.OfCall(2, emitter: "edge-8"));
        host.Changed(first with { Severity = TroubleSeverity.Error }, TroubleChange.Worsened);

        measured.Now("janus.troubles", ("janus.emitter", "edge-7"), ("janus.trouble.severity", "error")).Should().Be(1);
        measured.Now("janus.troubles", ("janus.trouble.severity", "warning")).Should().Be(0);
        measured.Now("janus.troubles", ("janus.trouble.code", "media-lost")).Should().Be(2);
        measured.Now("janus.troubles.begun").Should().Be(2);

        host.Ended(SampleTroubles.OfCall().Over());
        host.Ended(SampleTroubles.OfCall().Over());
        measured.Now("janus.troubles").Should().Be(1);

        for (int i = 0; i < 300; i++)
            host.Began(SampleTroubles.OfServer(emitter: $"server {i}"));
        measured.Now("janus.troubles.begun", ("janus.emitter", "other")).Should().Be(302 - StoredBodies.MaxEmitters);
        measured.TagsOf("janus.troubles").Select(tags => tags["janus.emitter"]).Distinct().Should().HaveCount(StoredBodies.MaxEmitters + 1);
    }

    [Fact]
    public async Task A_trouble_of_before_the_restart_is_counted_and_its_end_is_notified()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(b => b.AddTroubleHandler<RecordingHandler>());
        using Measurements measured = new(host.Services);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        host.Services.GetRequiredService<TroubleNotifier>().Resume(SampleTroubles.OfCall());
        (measured.Now("janus.troubles"), measured.Now("janus.troubles.begun")).Should().Be((1, 0));
        host.Ended(SampleTroubles.OfCall().Over(TroubleEnd.Unknown));
        RecordingHandler handler = host.Services.GetRequiredService<RecordingHandler>();
        await Wait.UntilAsync(() => handler.All.Count == 1, Wait.Limit, "the end");
        handler.All[0].Type.Should().Be(TroubleNotificationType.Ended);
        measured.Now("janus.troubles").Should().Be(0);
    }

    [Fact]
    public async Task A_test_goes_to_every_handler_and_says_which_one_failed()
    {
        await using NotifyingHost host = await NotifyingHost.StartAsync(b => b.AddTroubleHandler<ThrowingHandler>()
            .AddTroubleHandler<RecordingHandler>(o => o.MinSeverity = TroubleSeverity.Critical));

        IReadOnlyList<TroubleTestResult> results = await host.Services.GetRequiredService<IJanusTroubleNotifications>().SendTestAsync(CancellationToken.None);

        results.Should().HaveCount(2);
        results[0].Error.Should().BeOfType<InvalidOperationException>();
        results[1].Error.Should().BeNull();
        host.Services.GetRequiredService<RecordingHandler>().All.Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Test);
    }
}
