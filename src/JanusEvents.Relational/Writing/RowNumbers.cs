using JanusEvents.Delivery;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Numbers rows in the order of arrival, over all tables and all hosts, by blocks taken from one counter. A block that
/// is older than a moment is used further only if no other host took one after it: a server that goes over to another
/// host must not get numbers from before.
/// </summary>
internal sealed class RowNumbers(SqlDialect dialect, TimeProvider time)
{
    private const int BlockSize = 10_000;

    private readonly string _table = dialect.Table(BookkeepingTables.Counters);
    private readonly string _next = dialect.Quote("next");
    private readonly string _name = dialect.Quote("name");
    private long _free = 1;
    private long _end;
    private long _checked;
    private volatile bool _goesBeyondAll;

    /// <summary>Takes as many numbers as there are rows; they need not all be used.</summary>
    /// <param name="connection">Where to ask; not used while the block is recent and has enough.</param>
    /// <param name="count">How many.</param>
    /// <returns>The first of them.</returns>
    public async ValueTask<long> TakeAsync(StoreConnection connection, int count)
    {
        if (_goesBeyondAll)
        {
            await CounterRow.RaiseAsync(connection).ConfigureAwait(false);
            (_goesBeyondAll, _end) = (false, 0);
        }

        bool isRecent = time.GetElapsedTime(_checked) < TakeOver.NumbersAreFresh;
        if (_free + count - 1 > _end || !(isRecent || await IsLatestAsync(connection).ConfigureAwait(false)))
            await TakeBlockAsync(connection, Math.Max(count, BlockSize)).ConfigureAwait(false);

        long first = _free;
        _free += count;
        return first;
    }

    /// <summary>Takes numbers back that were taken last and that no row has got.</summary>
    public void GiveBack(long first, int count)
    {
        if (_free == first + count)
            _free = first;
    }

    /// <summary>Has the next numbers be higher than all that are there: somebody takes some without asking the counter.</summary>
    public void GoBeyondAll() => _goesBeyondAll = true;

    private async Task<bool> IsLatestAsync(StoreConnection connection)
    {
        _checked = time.GetTimestamp();
        long next = await ReadAsync(connection).ConfigureAwait(false);

        // It only grows, unless somebody puts an older one back, or removes it: rows may then have numbers that it does not know.
        if (next <= _end)
            await CounterRow.RaiseAsync(connection).ConfigureAwait(false);
        return next == _end + 1;
    }

    private async Task TakeBlockAsync(StoreConnection connection, int size)
    {
        if (await TryTakeBlockAsync(connection, size).ConfigureAwait(false))
            return;

        // Somebody removed it, or put a database back that never had it.
        await CounterRow.EnsureAsync(connection).ConfigureAwait(false);
        if (!await TryTakeBlockAsync(connection, size).ConfigureAwait(false))
            throw new InvalidOperationException($"The table {BookkeepingTables.Counters.Name} does not keep its row \"{CounterRow.Name}\".");
    }

    /// <returns>False when the counter is not there.</returns>
    private async Task<bool> TryTakeBlockAsync(StoreConnection connection, int size)
    {
        long end;
        StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            int changed = await connection.ExecuteAsync(
                $"UPDATE {_table} SET {_next} = {_next} + @size WHERE {_name} = @name",
                ("@size", ColumnKind.Integer, (long)size),
                ("@name", ColumnKind.Key, CounterRow.Name)).ConfigureAwait(false);
            if (changed == 0)
                return false;

            end = await ReadAsync(connection).ConfigureAwait(false) - 1;
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        // Only now: when the commit fails, the block may be another host's.
        (_free, _end) = (end - size + 1, end);
        _checked = time.GetTimestamp();
        return true;
    }

    private async Task<long> ReadAsync(StoreConnection connection) =>
        await connection.NumberAsync($"SELECT {_next} FROM {_table} WHERE {_name} = @name", ("@name", ColumnKind.Key, CounterRow.Name))
            .ConfigureAwait(false) ?? 0;
}
