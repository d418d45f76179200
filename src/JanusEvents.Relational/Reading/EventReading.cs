using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Reading;

/// <summary>One reading over a connection of its own.</summary>
/// <param name="connection">The connection, which is closed with the reading.</param>
/// <param name="merge">The rows to read.</param>
/// <param name="stays">The stays in the room, which decide on the events; null where no room is asked for.</param>
internal sealed class EventReading(StoreConnection connection, EventMerge merge, RoomStays? stays) : IAsyncDisposable
{
    public RoomStays? Stays => stays;

    /// <summary>The rows of the next event; null when there is none.</summary>
    public ValueTask<StoredRows?> NextAsync(CancellationToken cancellationToken) => merge.NextAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await merge.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>One stored event as it was read.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Number">The number of its first row.</param>
/// <param name="Events">The event, or its parts in the order of reading; none where it is not asked for, or cannot be read.</param>
/// <param name="Damage">The change that another program made to its rows; null where they are as they were written.</param>
internal sealed record ReadEvent(EventPlace Place, long Number, IReadOnlyList<JanusEvent> Events, DamagedRow? Damage);
