using JanusEvents.Monitoring.Records;

namespace JanusEvents.Monitoring.Tests.Recorded;

/// <summary>The records of the PeerConnections of recordings, against what the streams say.</summary>
public sealed class RecordedCallsTests
{
    public static TheoryData<string> All => [.. ExpectedRecords.Recordings];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_PeerConnection_has_one_record(string recording)
    {
        Replay replay = await Replay.FollowAsync(recording);

        // Of an end alone the store says whether there was a PeerConnection.
        IEnumerable<PeerConnectionRecord> records = replay.Ended.Where(pc => pc.Number > 0).Select(pc => CallRecords.Of("e", pc));
        ExpectedRecords.Faults(recording, records).Should().BeEmpty();
    }
}
