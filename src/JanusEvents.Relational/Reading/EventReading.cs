using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Reading;

/// <summary>One reading over a connection of its own.</summary>
/// <param name="connection">The connection, which is closed with the reading.</param>
/// <param name="merge">What is read.</param>
/// <param name="stays">Whose stays in the room decide what is taken; null where no room is asked for.</param>
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
