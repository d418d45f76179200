using JanusEvents.Testing;

namespace JanusEvents.Monitoring.Tests.Recorded;

/// <summary>The troubles that are found in recordings of a real Janus, against what a perfect detector finds.</summary>
public sealed class RecordedTroublesTests
{
    public static TheoryData<string> All => [.. ExpectedTroubles.Recordings];

    [Theory]
    [MemberData(nameof(All))]
    public async Task As_it_was_recorded(string recording) => Judge(recording, await Replay.RunAsync(recording));

    [Theory]
    [MemberData(nameof(All))]
    public async Task From_the_events_alone_without_a_clock(string recording) => Judge(recording, await Replay.RunAsync(recording, ticks: false));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_body_twice(string recording) => Judge(recording, await Replay.RunAsync(recording, times: 2));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Everything_eight_seconds_late(string recording) =>
        Judge(recording, await Replay.RunAsync(recording, late: TimeSpan.FromSeconds(8)), "events-late", "clock-skew");

    [Theory]
    [MemberData(nameof(All))]
    public async Task Twenty_times_as_fast(string recording) => Judge(recording, await Replay.RunAsync(recording, speed: 20), "events-late", "clock-skew", "server-silent");

    [Theory]
    [MemberData(nameof(All))]
    public async Task With_a_clock_that_is_ten_minutes_off(string recording) =>
        Judge(recording, await Replay.RunAsync(recording, late: TimeSpan.FromMinutes(-10)), "clock-skew", "events-late");

    private static void Judge(string recording, IReadOnlyList<Trouble> found, params string[] ofTheReplay) =>
        ExpectedTroubles.Faults(recording, found, ofTheReplay).Should().BeEmpty();
}
