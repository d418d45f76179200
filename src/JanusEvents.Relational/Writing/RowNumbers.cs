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
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly string _table = dialect.Quote(BookkeepingTables.Counters.Name);
    private readonly string _next = dialect.Quote("next");
    private readonly string _name = dialect.Quote("name");
    private long _free = 1;
    private long _end;
    private long _checked;

    /// <summary>Takes as many numbers as there are rows, if the block has them; they need not all be used.</summary>
    /// <param name="count">How many.</param>
    /// <param name="first">The first of them.</param>
    /// <returns>False when the database has to be asked.</returns>
    public bool TryTake(int count, out long first)
    {
        first = _free;
        if (_free + count - 1 > _end || time.GetElapsedTime(_checked) >= s_fresh)
            return false;

        _free += count;
        return true;
    }

    /// <summary>Takes as many numbers as there are rows; they need not all be used.</summary>
    /// <returns>The first of them.</returns>
    public async Task<long> TakeAsync(StoreConnection connection, int count)
    {
        if (_free + count - 1 > _end || !await IsLatestAsync(connection).ConfigureAwait(false))
            await TakeBlockAsync(connection, Math.Max(count, BlockSize)).ConfigureAwait(false);

        long first = _free;
        _free += count;
        return first;
    }

    /// <summary>Gives up the block: its numbers are taken by somebody who does not ask the counter.</summary>
    public void Forget() => _end = 0;

    private async Task<bool> IsLatestAsync(StoreConnection connection)
    {
        _checked = time.GetTimestamp();
        return await ReadAsync(connection).ConfigureAwait(false) == _end + 1;
    }

    private async Task TakeBlockAsync(StoreConnection connection, int size)
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
            {
                throw new InvalidOperationException(
                    $"The table {BookkeepingTables.Counters.Name} has lost its row \"{CounterRow.Name}\". Restart the host, which creates it anew.");
            }

            end = await ReadAsync(connection).ConfigureAwait(false) - 1;
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        // Only now: when the commit fails, the block may be another host's.
        (_free, _end) = (end - size + 1, end);
        _checked = time.GetTimestamp();
    }

    private async Task<long> ReadAsync(StoreConnection connection) =>
        await connection.NumberAsync($"SELECT {_next} FROM {_table} WHERE {_name} = @name", ("@name", ColumnKind.Key, CounterRow.Name))
            .ConfigureAwait(false) ?? 0;
}
