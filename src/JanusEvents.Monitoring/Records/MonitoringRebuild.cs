using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Records;

/// <summary>Makes call records and troubles again: the same state machine over all stored events.</summary>
internal sealed class MonitoringRebuild(IEnumerable<IMonitoringStore> stores, TroublesOptions options) : IMonitoringRebuild
{
    private const int AtOnce = 500;
    private const int ReportEvery = 10_000;

    public async Task<MonitoringRebuildResult> RebuildAsync(
        IProgress<MonitoringRebuildResult>? progress = null, CancellationToken cancellationToken = default)
    {
        IMonitoringStore store = stores.FirstOrDefault() ?? throw new InvalidOperationException(
            "There is no store to rebuild records in. Add one: services.AddJanusEvents().AddSqlite(…) or AddMySql(…).");
        Found found = new();
        StateReplay replay = new(options, [found], [found]);
        long events = 0;
        await foreach (JanusEvent e in store.ReadEventsAsync(DateTimeOffset.UnixEpoch, cancellationToken).ConfigureAwait(false))
        {
            replay.Add(e);
            if (found.Waiting >= AtOnce)
                await found.StoreAsync(store, cancellationToken).ConfigureAwait(false);
            if (++events % ReportEvery == 0)
                progress?.Report(new MonitoringRebuildResult(events, found.RecordCount, found.TroubleCount));
        }

        replay.Complete();
        await found.StoreAsync(store, cancellationToken).ConfigureAwait(false);
        return new MonitoringRebuildResult(events, found.RecordCount, found.TroubleCount);
    }

    private sealed class Found : ITroubleObserver, IEndObserver
    {
        private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);
        private readonly List<PeerConnectionRecord> _records = [];

        public int Waiting => _troubles.Count + _records.Count;

        public long RecordCount { get; private set; }

        public long TroubleCount { get; private set; }

        public void Changed(Trouble trouble, TroubleChange change)
        {
            if (change == TroubleChange.Began && trouble.Count == 1)
                TroubleCount++;
            _troubles[trouble.Id] = trouble;
        }

        public void Ended(MonitoredServer server, PeerConnection pc)
        {
            // An end alone: whatever is stored of a PeerConnection has been read before.
            if (pc.Number == 0)
                return;
            RecordCount++;
            _records.Add(CallRecords.Of(server.Emitter, pc));
        }

        public async Task StoreAsync(IMonitoringStore store, CancellationToken cancellationToken)
        {
            if (_troubles.Count > 0)
                await store.SaveTroublesAsync([.. _troubles.Values], cancellationToken).ConfigureAwait(false);
            if (_records.Count > 0)
                await store.AddRecordsAsync(_records, cancellationToken).ConfigureAwait(false);
            _troubles.Clear();
            _records.Clear();
        }
    }
}
