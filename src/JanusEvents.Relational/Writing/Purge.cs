using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Removes hashes and rejected elements that are older than they need be, in small steps between batches, each a
/// transaction of its own, so that no lock is held for long.
/// </summary>
internal sealed class Purge(SqlDialect dialect, TimeProvider time, TimeSpan hashWindow, TimeSpan rejectedAge)
{
    private const int MostAtOnce = 2000;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longPause = TimeSpan.FromMinutes(1);

    private readonly string _deleteHashes = dialect.DeleteOldest(BookkeepingTables.Hashes, "stored", MostAtOnce);
    private readonly string _deleteRejected = dialect.DeleteOldest(BookkeepingTables.Rejected, "arrived", MostAtOnce / 20);
    private DateTimeOffset _nextHashes;
    private DateTimeOffset _nextRejected;

    /// <summary>Whether it is time for a step.</summary>
    public bool IsDue => time.GetUtcNow() is var now && (now >= _nextHashes || now >= _nextRejected);

    /// <summary>Takes a step if it is time for one.</summary>
    /// <returns>True when rejected elements were removed.</returns>
    public async Task<bool> StepAsync(StoreConnection connection)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now >= _nextHashes)
        {
            // Also when it fails, as without the right to delete.
            _nextHashes = now + s_longPause;

            // As long as a step finds its fill, the next batch is followed by another.
            int deleted = await DeleteAsync(connection, _deleteHashes, now - hashWindow).ConfigureAwait(false);
            _nextHashes = deleted < MostAtOnce ? now + s_pause : now;
        }

        if (now < _nextRejected)
            return false;

        _nextRejected = now + s_longPause;
        bool any = await DeleteAsync(connection, _deleteRejected, now - rejectedAge).ConfigureAwait(false) > 0;
        _nextRejected = any ? now + s_pause : now + s_longPause;
        return any;
    }

    private static Task<int> DeleteAsync(StoreConnection connection, string sql, DateTimeOffset before) =>
        connection.ExecuteAsync(sql, ("@before", ColumnKind.Time, before.UtcDateTime));
}
