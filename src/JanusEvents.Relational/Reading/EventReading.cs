using System.Data.Common;

namespace JanusEvents.Relational.Reading;

/// <summary>One reading: what is read over its connection, which is of no use any more after a failure.</summary>
internal sealed class EventReading(ReaderConnections connections, DbConnection connection) : IAsyncDisposable
{
    private EventMerge? _merge;
    private bool _failed;

    public DbConnection Connection => connection;

    /// <summary>What is read.</summary>
    public EventMerge Merge { set => _merge = value; }

    /// <summary>Whose stays in the room decide what is taken; null where no room is asked for.</summary>
    public RoomStays? Stays { get; set; }

    /// <summary>The rows of the next event; null when there is none.</summary>
    public Task<StoredRows?> NextAsync(CancellationToken cancellationToken) =>
        GuardAsync(() => _merge!.NextAsync(cancellationToken).AsTask());

    /// <summary>Does something over the connection.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch
        {
            _failed = true;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_merge is not null)
            await _merge.DisposeAsync().ConfigureAwait(false);
        if (_failed)
            await ReaderConnections.CloseAsync(connection).ConfigureAwait(false);
        else
            await connections.GiveBackAsync(connection).ConfigureAwait(false);
    }
}
