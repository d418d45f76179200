using System.Data.Common;
using JanusEvents.Monitoring.Records;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Records;

/// <summary>Stores records and troubles in their tables, and gives the monitoring what events are stored.</summary>
internal sealed class RelationalMonitoringStore(
    DbDataSource dataSource,
    SqlDialect dialect,
    RetentionOptions retention,
    WriteLock writeLock,
    TimeProvider time,
    ILogger<RelationalMonitoringStore> logger) : IMonitoringStore
{
    // Others write the same tables, or hold the file.
    private const int MaxTries = 10;

    // Below what a connection has for its limits: each transaction is over in a moment.
    private const int RowsAtOnce = 500;

    private static readonly string[] s_keyOfTrouble = ["trouble"];

    private readonly RecordReader _troubles = new(dataSource, dialect, RecordTables.Troubles);
    private readonly HandleEvents _events = new(new RelationalEventStore(dataSource, dialect, logger));
    private readonly string _update = UpdateOf(dialect);
    private volatile bool _hasTables;

    public async Task AddRecordsAsync(IReadOnlyList<PeerConnectionRecord> records, CancellationToken cancellationToken)
    {
        // Two hosts that add the same ones in the same order do not wait for each other in a circle.
        object?[][] rows =
        [
            .. records.OrderBy(r => r.Emitter, StringComparer.Ordinal).ThenBy(r => r.Session).ThenBy(r => r.Handle).ThenBy(r => r.Number)
                .Select(PeerConnectionRows.Of),
        ];
        await WriteAsync(rows, (connection, some) => InsertAsync(connection, RecordTables.PeerConnections, some, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task SaveTroublesAsync(IReadOnlyList<Trouble> troubles, CancellationToken cancellationToken)
    {
        // In the order in which they were given where one is there more than once: the later one is as it is now.
        object?[][] rows = [.. troubles.OrderBy(t => t.Id, StringComparer.Ordinal).Select(TroubleRows.Of)];
        await WriteAsync(rows, (connection, some) => SaveAsync(connection, some, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<Trouble>> ReadOpenTroublesAsync(CancellationToken cancellationToken)
    {
        List<Trouble> troubles = [];
        await foreach (RecordRow row in _troubles
            .ReadAsync(_troubles.All.IsMissing("ended"), EventOrder.OldestFirst, limit: null, cancellationToken).ConfigureAwait(false))
        {
            troubles.Add(TroubleRows.Read(row));
        }

        return troubles;
    }

    public Task<IReadOnlyList<JanusEvent>> ReadLatestEventsAsync(int most, CancellationToken cancellationToken) =>
        _events.LatestAsync(most, cancellationToken);

    public IAsyncEnumerable<JanusEvent> ReadEventsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        _events.SinceAsync(since, cancellationToken);

    public Task<bool> HasEventsAfterAsync(string? emitter, DateTimeOffset time, CancellationToken cancellationToken) =>
        _events.HasAfterAsync(emitter, time, cancellationToken);

    public IAsyncEnumerable<JanusEvent> ReadEventsOfAsync(string? emitter, long session, long handle, CancellationToken cancellationToken) =>
        _events.OfAsync(emitter, session, handle, cancellationToken);

    /// <summary>Writes rows in transactions of some of them.</summary>
    private async Task WriteAsync(object?[][] rows, Func<StoreConnection, object?[][], Task> write, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
            return;

        using WriteLock.Held held = await writeLock.EnterBesideAsync().ConfigureAwait(false);
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            foreach (object?[][] some in rows.Chunk(RowsAtOnce))
            {
                for (int attempt = 1; !await TryWriteAsync(connection, some, write, mayFail: attempt < MaxTries, cancellationToken).ConfigureAwait(false); attempt++)
                {
                }
            }
        }
    }

    /// <returns>False where the transaction is to be repeated.</returns>
    private async Task<bool> TryWriteAsync(
        StoreConnection connection,
        object?[][] rows,
        Func<StoreConnection, object?[][], Task> write,
        bool mayFail,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!_hasTables)
            {
                await SchemaCreator.CreateMissingAsync(connection, cancellationToken, retention, time).ConfigureAwait(false);
                _hasTables = true;
            }

            StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await write(connection, rows).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        catch (DbException e)
        {
            FailureKind failure = dialect.Classify(e);
            _hasTables &= failure != FailureKind.MissingTable;
            if (!mayFail || connection.IsBroken || failure is not (FailureKind.Repeat or FailureKind.MissingTable))
                throw;
            return false;
        }
    }

    private async Task SaveAsync(StoreConnection connection, object?[][] rows, CancellationToken cancellationToken)
    {
        if (await InsertAsync(connection, RecordTables.Troubles, rows, cancellationToken).ConfigureAwait(false) == rows.Length)
            return;

        foreach (object?[] row in rows)
        {
            await connection.ExecuteAsync(
                _update,
                [
                    .. TroubleRows.Changing.Concat(s_keyOfTrouble).Select(name => ParameterOf(row, name)),
                    ("@isover", ColumnKind.Integer, row[PlaceOf("ended")] is null ? 0L : 1L),
                ]).ConfigureAwait(false);
        }
    }

    /// <summary>Inserts those rows whose key is not there; how many that are.</summary>
    private static Task<int> InsertAsync(StoreConnection connection, TableDefinition table, object?[][] rows, CancellationToken cancellationToken)
    {
        return connection.InsertNewInto(table).InsertAsync(
            rows.Length,
            row => rows[row].Sum(value => value is string text ? 3L * text.Length : 0),
            (row, column) => rows[row][column],
            refused: null,
            script: null,
            cancellationToken);
    }

    /// <summary>
    /// The update of a trouble that is there. One that ended is opened again only by another beginning, which counts: what was
    /// to be saved before its end may come after it.
    /// </summary>
    private static string UpdateOf(SqlDialect dialect)
    {
        string count = dialect.Quote("count");
        return $"UPDATE {dialect.Table(RecordTables.Troubles)} SET {string.Join(", ", TroubleRows.Changing.Select(name => $"{dialect.Quote(name)} = @{name}"))} "
            + $"WHERE {dialect.Quote("trouble")} = @trouble "
            + $"AND ({count} < @count OR ({count} = @count AND ({dialect.Quote("ended")} IS NULL OR @isover = 1)))";
    }

    private static (string Name, ColumnKind Kind, object? Value) ParameterOf(object?[] row, string name)
    {
        int place = PlaceOf(name);
        return ($"@{name}", RecordTables.Troubles.Columns[place].Kind, row[place]);
    }

    private static int PlaceOf(string name) =>
        RecordTables.Troubles.Columns.TakeWhile(column => column.Name != name).Count();
}
