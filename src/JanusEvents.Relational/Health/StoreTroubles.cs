using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Health;

/// <summary>
/// Faults of the tables of a store while the store itself works: reported once in the log, and to the health check for as long
/// as it lasts. A table that refuses one event after another for the same reason is out of order, not the events.
/// </summary>
/// <param name="dialect">The kind of database.</param>
/// <param name="time">Measures how long ago something was reported.</param>
/// <param name="logger">Where to; must not throw.</param>
internal sealed class StoreTroubles(SqlDialect dialect, TimeProvider time, ILogger<StoreTroubles> logger)
{
    private const int RefusalsOfOutage = 3;
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<EventTable, RefusingTable> _refusing = [];
    private string? _foreign;

    /// <summary>A sentence for each thing that is wrong at present.</summary>
    public IReadOnlyList<string> Current
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _foreign is null ? Array.Empty<string>() : [_foreign],
                    .. _refusing.Where(t => t.Value.IsOutage).Select(t =>
                        $"The table {Name(t.Key)} refuses one event after another ({t.Value.Why.Words}); they are kept in the table rejected. {t.Value.Why.Remedy}".TrimEnd()),
                ];
            }
        }
    }

    /// <summary>Records that tables with the store's names are another program's, or, with null, that none is.</summary>
    public void FoundForeign(string? sentence)
    {
        lock (_gate)
            _foreign = sentence;
    }

    /// <summary>Records what a transaction that was committed has stored, and what was refused in it.</summary>
    public void Committed(IReadOnlyDictionary<EventTable, int> stored, IReadOnlyList<Refusal> refusals)
    {
        if (refusals.Count == 0 && _refusing.Count == 0)
            return;

        lock (_gate)
        {
            foreach (EventTable table in stored.Where(s => s.Value > 0).Select(s => s.Key))
                Takes(table);
            foreach (Refusal refusal in refusals)
                Refuses(refusal, hasStored: stored.GetValueOrDefault(refusal.Table) > 0);
        }
    }

    private void Takes(EventTable table)
    {
        if (!_refusing.TryGetValue(table, out RefusingTable? refusing))
            return;

        if (refusing.IsOutage)
            StoreLog.TableTakesAgain(logger, Name(table), refusing.InTurn);
        refusing.InTurn = 0;
    }

    private void Refuses(Refusal refusal, bool hasStored)
    {
        if (!_refusing.TryGetValue(refusal.Table, out RefusingTable? refusing) || refusing.Why.Number != refusal.Why.Number)
            _refusing[refusal.Table] = refusing = new RefusingTable(refusal.Why);
        refusing.Unreported++;
        refusing.InTurn += hasStored ? 0 : 1;
        if (refusing.InTurn == RefusalsOfOutage)
        {
            StoreLog.TableRefuses(logger, Name(refusal.Table), refusal.Why.Words, refusal.Why.Remedy);
        }
        else if (!refusing.IsOutage && (refusing.Reported is not { } reported || time.GetElapsedTime(reported) >= s_interval))
        {
            StoreLog.EventRefused(logger, Name(refusal.Table), refusing.Unreported, refusal.Type, refusal.RemoteAddress, refusal.Why.Words);
            (refusing.Reported, refusing.Unreported) = (time.GetTimestamp(), 0);
        }
    }

    private string Name(EventTable table) => dialect.TablePrefix + table.Name;

    private sealed class RefusingTable(Explanation why)
    {
        public Explanation Why => why;

        /// <summary>How many it has refused since it took one.</summary>
        public int InTurn { get; set; }

        public int Unreported { get; set; }

        public long? Reported { get; set; }

        public bool IsOutage => InTurn >= RefusalsOfOutage;
    }
}
