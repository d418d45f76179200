using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Live;

/// <summary>The PeerConnections that ended within the last hour, the latest first; at most 20,000.</summary>
internal sealed class LiveEnds : IEndObserver
{
    private const int Most = 20_000;
    private const long Hour = 3_600_000_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<EndedCall> _calls = new();

    public void Ended(MonitoredServer server, PeerConnection pc)
    {
        PeerConnectionRecord record = CallRecords.Of(server.Emitter, pc);
        EndedCall call = new(
            new CallKey(record.Emitter, record.Session, record.Handle, Math.Max(1, record.Number)),
            record.Plugin,
            record.Room,
            record.Display ?? record.Participant,
            record.Up,
            record.SetupMs,
            record.Ended,
            record.Outcome,
            record.Reason);
        lock (_gate)
        {
            _calls.AddFirst(call);
            while (_calls.Count > Most || (_calls.Last is { } last && pc.EndedAt - Microseconds(last.Value.Ended) > Hour))
                _calls.RemoveLast();
        }
    }

    /// <summary>Those of each server that ended within an hour before its newest event.</summary>
    public IReadOnlyList<EndedCall> Read()
    {
        lock (_gate)
            return [.. _calls];
    }

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>A PeerConnection that ended.</summary>
internal sealed record EndedCall(
    CallKey Key,
    string? Plugin,
    string? Room,
    string? Display,
    DateTimeOffset? Up,
    long? SetupMs,
    DateTimeOffset Ended,
    string Outcome,
    string? Reason);
