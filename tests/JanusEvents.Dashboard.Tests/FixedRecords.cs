namespace JanusEvents.Dashboard.Tests;

/// <summary>A store with as many records as a test wants. Ten end at the same time, as when a server stops, and values repeat.</summary>
internal sealed class FixedRecords(int count) : IPeerConnectionStore
{
    private readonly PeerConnectionRecord[] _records =
    [
        .. Enumerable.Range(1, count).Select(i => new PeerConnectionRecord
        {
            Emitter = "edge-1",
            Session = 1_000 + (i * 7 % count),
            Handle = i,
            Number = 1,
            Ended = DateTimeOffset.UtcNow.Date.AddHours(-1).AddSeconds(-(i / 10)),
            SetupMs = i % 20 == 0 ? null : i % 9 * 10,
            DurationMs = i * 37 % 101 * 1_000,
            QualityWorst = i % 8 == 0 ? null : 1 + (i % 30 / 10.0),
            Outcome = "completed",
            EndedBy = "client",
            EndEvent = "hangup",
        }),
    ];

    public IAsyncEnumerable<PeerConnectionRecord> ReadAsync(PeerConnectionQuery query, CancellationToken cancellationToken = default) =>
        _records.Where(record => !(record.Ended >= query.To) && !(record.Ended < query.From)).Take(query.Limit ?? int.MaxValue).ToAsyncEnumerable();

    public Task<IReadOnlyList<PeerConnectionSummary>> SummarizeAsync(
        PeerConnectionQuery query, PeerConnectionGrouping by = PeerConnectionGrouping.None, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<PeerConnectionSummary>>([new PeerConnectionSummary { Count = count }]);
}
