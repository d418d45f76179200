using System.Data.Common;
using JanusEvents.Parsing;
using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// The events that the database refused for a reason that is not known to be about data, so that it may be the store that does not
/// work. One is to blame when it was refused alone three times while others were stored.
/// </summary>
internal sealed class SuspectRows
{
    private const int TriesAlone = 3;

    // Those that were tried first expire first; each begins anew when it is retransmitted.
    private const int MostKept = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(BodyHash Body, int Place), Suspect> _suspects = [];
    private readonly Queue<(BodyHash Body, int Place)> _order = [];
    private long _storedEvents;

    /// <summary>Records that events were stored, so that the store works.</summary>
    public void Stored(int events) => Interlocked.Add(ref _storedEvents, events);

    /// <summary>Records that a row was refused alone.</summary>
    /// <param name="row">The row.</param>
    /// <param name="besideOthers">Whether others are about to be stored in the same transaction.</param>
    /// <returns>Whether it is the row's own fault.</returns>
    public bool Refuse(Row row, bool besideOthers)
    {
        long stored = Interlocked.Read(ref _storedEvents);
        lock (_gate)
        {
            Suspect suspect = SuspectOf(row, stored);
            suspect.Tries++;
            return suspect.Tries >= TriesAlone && (besideOthers || stored > suspect.StoredBefore);
        }
    }

    /// <summary>Records a row that was not tried alone: what is stored from now on speaks for the store all the same.</summary>
    public void Record(Row row)
    {
        lock (_gate)
            SuspectOf(row, Interlocked.Read(ref _storedEvents));
    }

    /// <summary>Keeps why a row is refused for certain, for the next time that its batch is written.</summary>
    public void Convict(Row row, DbException failure)
    {
        lock (_gate)
            SuspectOf(row, 0).Failure = failure;
    }

    /// <summary>Why a row is refused for certain; null where that is not known.</summary>
    public DbException? FailureOf(Row row)
    {
        lock (_gate)
            return _suspects.Count == 0 ? null : _suspects.GetValueOrDefault(KeyOf(row))?.Failure;
    }

    private static (BodyHash Body, int Place) KeyOf(Row row) => (BodyHash.Of(row.Body), row.Place);

    private Suspect SuspectOf(Row row, long stored)
    {
        (BodyHash, int) key = KeyOf(row);
        if (_suspects.TryGetValue(key, out Suspect? suspect))
            return suspect;

        _suspects.Add(key, suspect = new Suspect { StoredBefore = stored });
        _order.Enqueue(key);
        if (_order.Count > MostKept)
            _suspects.Remove(_order.Dequeue());
        return suspect;
    }

    private sealed class Suspect
    {
        public int Tries { get; set; }

        public long StoredBefore { get; init; }

        public DbException? Failure { get; set; }
    }
}

/// <summary>Bodies of a batch cannot be stored at present, for something in their events; the others are to be stored without them.</summary>
/// <param name="message">The refused rows, in words that may be logged.</param>
/// <param name="bodies">The bodies, with those that came from their senders after them.</param>
/// <param name="innerException">The database's exception.</param>
internal sealed class SetAsideException(string message, IReadOnlyList<ReceivedBody> bodies, Exception innerException)
    : Exception(message, innerException)
{
    public IReadOnlyList<ReceivedBody> Bodies => bodies;
}
