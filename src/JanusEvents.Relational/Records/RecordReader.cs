using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>Reads one of <see cref="RecordTables"/>. A database without it has no rows.</summary>
internal sealed class RecordReader(DbDataSource dataSource, SqlDialect dialect, TableDefinition table)
{
    private volatile bool _hasTable;

    /// <summary>A filter that asks for all rows.</summary>
    public RecordFilter All => new(dialect, table);

    /// <summary>Checks what a query has beside its conditions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static void Check(string query, int? limit, EventOrder order)
    {
        if (limit < 1)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, $"{query}.Limit must be at least 1; null, the default, means all.");
        if (!Enum.IsDefined(order))
            throw new ArgumentOutOfRangeException(nameof(order), order, $"{query}.Order must be OldestFirst or NewestFirst.");
    }

    /// <summary>Streams rows in the order of their times.</summary>
    public async IAsyncEnumerable<RecordRow> ReadAsync(
        RecordFilter filter,
        EventOrder order,
        int? limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken, isReader: true).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (!await HasTableAsync(connection, cancellationToken).ConfigureAwait(false))
                yield break;

            using RecordPages pages = new(connection, filter, order, limit);
            while (await NextAsync(pages, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
            {
                foreach (RecordRow row in page)
                    yield return row;
            }
        }
    }

    /// <summary>Runs a query about the rows that a filter asks for.</summary>
    /// <param name="sql">The query, with the filter's conditions in it.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="row">Makes a value of a row.</param>
    /// <param name="cancellationToken">Ends it before the query.</param>
    public async Task<List<T>> QueryAsync<T>(string sql, RecordFilter filter, Func<DbDataReader, T> row, CancellationToken cancellationToken)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken, isReader: true).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (!await HasTableAsync(connection, cancellationToken).ConfigureAwait(false))
                return [];

            using DbCommand command = connection.CreateReading();
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            filter.AddTo(connection, command);
            return await connection.QueryAsync(command, row).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<RecordRow>> NextAsync(RecordPages pages, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The table may be gone, so that the next reading looks for it.
            _hasTable = false;
            throw;
        }
    }

    private async ValueTask<bool> HasTableAsync(StoreConnection connection, CancellationToken cancellationToken) =>
        _hasTable || (_hasTable = (await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false)).Contains(table.Name));
}
