using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.Tests.Hosts;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Tests;

/// <summary>Sending that pauses for a reason is no trouble, neither while the reason lasts nor in the moment in which it ends.</summary>
public sealed class NothingSentTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_echo_that_has_had_nothing_to_send_while_its_media_were_lost_is_given_time_to_send_again()
    {
        List<JanusEvent> events = [.. Calls().OrderBy(e => e.Timestamp)];

        Codes(events).Should().Equal(TroubleCodes.MediaLost);
    }

    [Fact]
    public void An_echo_that_sends_nothing_after_its_media_are_back_is_a_trouble()
    {
        List<JanusEvent> events = [.. Calls(sendsAgain: false).OrderBy(e => e.Timestamp)];

        Codes(events).Should().Equal(TroubleCodes.MediaLost, TroubleCodes.NothingSent);
    }

    private static IEnumerable<JanusEvent> Calls(bool sendsAgain = true)
    {
        SyntheticCall call = new("edge-1", 1);
        IEnumerable<JanusEvent> begin = call.Begin(s_start).Where(e => e is not PluginEvent).Select(e => e is HandleEvent handle ? handle with { Plugin = JanusPlugins.EchoTest } : e);
        for (int second = 1; second <= 5; second++)
            begin = begin.Concat(call.Statistics(s_start.AddSeconds(second), 50 * second));

        // Back after less than five seconds, shortly before the report that makes them five, in which nothing is counted yet.
        begin = begin.Concat(call.Receiving(s_start.AddSeconds(6.1), false));
        for (int second = 6; second <= 10; second++)
            begin = begin.Concat(call.Statistics(s_start.AddSeconds(second), 250));
        begin = begin.Concat(call.Receiving(s_start.AddSeconds(9.9), true));
        for (int second = 11; second <= 21; second++)
            begin = begin.Concat(call.Statistics(s_start.AddSeconds(second), 50 * (second - 5)).Select(e => !sendsAgain && e is MediaStatsEvent stats ? stats with { PacketsSent = 250 } : e));
        return begin;
    }

    private static List<string> Codes(List<JanusEvent> events)
    {
        Began began = new();
        StateReplay replay = new(troubles: [began]);
        events.ForEach(replay.Add);
        replay.Complete();
        return began.Codes;
    }

    private sealed class Began : ITroubleObserver
    {
        public List<string> Codes { get; } = [];

        public void Changed(Trouble trouble, TroubleChange change)
        {
            if (change == TroubleChange.Began)
                Codes.Add(trouble.Code);
        }
    }
}
