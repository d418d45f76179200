using System.Text;
using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.Tests.Recorded;

namespace JanusEvents.Monitoring.Tests;

/// <summary>Troubles whose subject is gone before anything says that it is well again.</summary>
public sealed class EndedSubjectTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(JanusPlugins.Sip, """{"event":"registration_failed","code":403}""", TroubleCodes.SipRegistrationFailed)]
    [InlineData(JanusPlugins.Streaming, """{"event":"rtsp-disconnected"}""", TroubleCodes.RtspLost)]
    public void A_trouble_of_a_handle_ends_with_the_handle(string plugin, string data, string code)
    {
        Replay found = new();
        StateReplay state = new(null, [found]);
        foreach (long handle in new long[] { 11, 12 })
        {
            state.Add(new HandleEvent { Emitter = "a", Timestamp = s_start, SessionId = handle, HandleId = handle, Name = HandleStates.Attached, Plugin = plugin });
            state.Add(new PluginEvent
            {
                Emitter = "a",
                Timestamp = s_start.AddSeconds(1),
                SessionId = handle,
                HandleId = handle,
                Plugin = plugin,
                Data = new RawJson(Encoding.UTF8.GetBytes(data)),
            });
        }

        state.Add(new HandleEvent { Emitter = "a", Timestamp = s_start.AddSeconds(2), SessionId = 11, HandleId = 11, Name = HandleStates.Detached });
        state.Add(new CoreEvent { Emitter = "a", Timestamp = s_start.AddSeconds(3), Subtype = 2, Status = CoreStates.Shutdown });

        found.Troubles.Select(t => (t.Code, t.Subject.Handle, t.Ended, t.EndedBy)).Should().BeEquivalentTo(
        [
            (code, (long?)11, (DateTimeOffset?)s_start.AddSeconds(2), (TroubleEnd?)TroubleEnd.CallEnded),
            (code, 12, s_start.AddSeconds(3), TroubleEnd.ServerEnded),
        ]);
    }
}
