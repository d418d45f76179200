using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.Tests.Recorded;

namespace JanusEvents.Monitoring.Tests;

/// <summary>A server whose clock is set back.</summary>
public sealed class ClockSetBackTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_call_that_has_just_ended_has_its_record()
    {
        Replay ended = new();
        StateReplay state = new(null, [], [ended]);
        state.Add(new SessionEvent { Emitter = "a", Timestamp = s_start, SessionId = 1, Name = "created" });
        state.Add(new HandleEvent { Emitter = "a", Timestamp = s_start, SessionId = 1, HandleId = 11, Name = "attached", Plugin = "janus.plugin.echotest" });
        state.Add(new ConnectionEvent { Emitter = "a", Timestamp = s_start.AddSeconds(1), SessionId = 1, HandleId = 11, State = "webrtcup" });
        state.Add(new ConnectionEvent { Emitter = "a", Timestamp = s_start.AddSeconds(9), SessionId = 1, HandleId = 11, State = "hangup", Reason = "DTLS alert" });

        state.Add(new SessionEvent { Emitter = "a", Timestamp = s_start.AddMinutes(-10), SessionId = 2, Name = "created" });

        ended.Ended.Should().ContainSingle().Which.EndEvent.Should().Be("hangup");
    }
}
