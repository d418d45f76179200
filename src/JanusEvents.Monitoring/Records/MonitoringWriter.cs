using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Records;

/// <summary>
/// Writes records and troubles to the stores, beside the way of the events, so that a slow store holds up nothing. What is not written
/// when the host dies is found again in the stored events.
/// </summary>
internal sealed class MonitoringWriter(IEnumerable<IMonitoringStore> stores, TroublesOptions options, TimeProvider time, ILogger<MonitoringWriter> logger)
    : BackgroundService, ITroubleObserver, IEndObserver
{
    // Some minutes of a storm; what does not fit is found again by a rebuild.
    private const int MostWaiting = 100_000;
    private const int MostAtOnce = 500;
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    private readonly IMonitoringStore[] _stores = [.. stores];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _more = new(0, 1);
    private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);
    private readonly Queue<EndedCall> _calls = new();
    private long _dropped;

    public bool IsToldOfRestored => true;

    public void Changed(Trouble trouble, TroubleChange change)
    {
        lock (_gate)
        {
            if (_stores.Length == 0)
                return;
            if (_troubles.Count < MostWaiting)
                _troubles[trouble.Id] = trouble;
            else
                _dropped++;
        }

        Signal();
    }

    public void Ended(MonitoredServer server, PeerConnection pc)
    {
        lock (_gate)
        {
            if (_stores.Length == 0)
                return;
            if (_calls.Count < MostWaiting)
                _calls.Enqueue(new EndedCall(CallRecords.Of(server.Emitter, pc), pc.IsPartial));
            else
                _dropped++;
        }

        Signal();
    }

    /// <summary>Writes what waits.</summary>
    /// <returns>Whether there was something.</returns>
    public async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        List<EndedCall> calls = [];
        List<Trouble> troubles;
        lock (_gate)
        {
            while (calls.Count < MostAtOnce && _calls.TryDequeue(out EndedCall? call))
                calls.Add(call);
            troubles = [.. _troubles.Values.Take(MostAtOnce)];
            foreach (Trouble trouble in troubles)
                _troubles.Remove(trouble.Id);
        }

        if (calls.Count == 0 && troubles.Count == 0)
            return false;
        try
        {
            foreach (IMonitoringStore store in _stores)
            {
                if (troubles.Count > 0)
                    await store.SaveTroublesAsync(troubles, cancellationToken).ConfigureAwait(false);
                if (calls.Count > 0)
                    await store.AddRecordsAsync(await CompleteAsync(store, calls, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            PutBack(calls, troubles);
            throw;
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool failed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _more.WaitAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(failed ? s_again : s_every, time, stoppingToken).ConfigureAwait(false);
                while (await WriteAsync(stoppingToken).ConfigureAwait(false))
                {
                    if (failed)
                        RecordsLog.WritesAgain(logger);
                    failed = false;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // Whatever a store throws, it is tried again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!failed)
                    RecordsLog.CannotWrite(logger, e);
                failed = true;
                Signal();
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (await WriteAsync(cancellationToken).ConfigureAwait(false))
            {
            }
        }
#pragma warning disable CA1031 // The host ends; the next one finds it in the stored events.
        catch (Exception e)
#pragma warning restore CA1031
        {
            RecordsLog.CannotWrite(logger, e);
        }
    }

    public override void Dispose()
    {
        _more.Dispose();
        base.Dispose();
    }

    // A call whose beginning this host did not see is folded from its stored events: a read by index for each, one after the other. Of
    // an end alone, only they say whether there was a call. There are at most as many as are open when the host starts.
    private async Task<List<PeerConnectionRecord>> CompleteAsync(IMonitoringStore store, List<EndedCall> calls, CancellationToken cancellationToken)
    {
        List<PeerConnectionRecord> records = new(calls.Count);
        foreach (EndedCall call in calls)
        {
            PeerConnectionRecord record = call.Record;
            if (call.IsPartial)
            {
                MonitoredHandle? handle = await CallHistory
                    .ReadAsync(store, options, record.Emitter, record.Session, record.Handle, null, cancellationToken).ConfigureAwait(false);
                if (handle?.PeerConnection is { } pc)
                    record = WithHistory(record, pc);
                else if (record.Number == 0)
                    continue;
            }

            if (record.Number == 0)
                record = record with { Number = 1 };
            records.Add(record);
        }

        return records;
    }

    // The end as it was followed, all else as the stored events say.
    private static PeerConnectionRecord WithHistory(PeerConnectionRecord record, PeerConnection pc)
    {
        PeerConnectionRecord whole = CallRecords.Of(record.Emitter, pc, record.Ended, record.EndEvent, record.Reason);
        return whole with { Troubles = [.. whole.Troubles.Union(record.Troubles)] };
    }

    private void PutBack(List<EndedCall> calls, List<Trouble> troubles)
    {
        lock (_gate)
        {
            foreach (EndedCall call in calls)
                _calls.Enqueue(call);

            // A later change is newer.
            foreach (Trouble trouble in troubles)
                _troubles.TryAdd(trouble.Id, trouble);
        }
    }

    private void Signal()
    {
        lock (_gate)
        {
            if (_more.CurrentCount == 0)
                _more.Release();
        }
    }

    private sealed record EndedCall(PeerConnectionRecord Record, bool IsPartial);
}
