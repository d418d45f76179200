using System.Data.Common;
using System.Globalization;
using JanusEvents.Delivery;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes a batch inside a transaction: the hashes first, then the events of the bodies that are new, then what was
/// rejected.
/// </summary>
internal sealed class BatchTransaction(
    StoreConnection connection,
    IReadOnlyDictionary<EventTable, TableLayout> layouts,
    DateTimeOffset now,
    long firstNumber,
    long rejectedRoom,
    StatementScript? script,
    ILogger logger)
{
    // How many hashes are asked for at once.
    private const int HashesPerQuestion = 64;

    private readonly SqlDialect _dialect = connection.Dialect;
    private readonly List<Rejection> _rejections = [];
    private readonly HashSet<EventRow> _refused = [];

    /// <summary>How many bytes were put into <c>rejected</c>.</summary>
    public long RejectedBytes { get; private set; }

    /// <summary>
    /// Writes everything: with a script, which takes it that all bodies are new and nothing is refused, or statement by statement,
    /// which tells what was stored before and what the database refuses.
    /// </summary>
    /// <param name="batch">What to write.</param>
    /// <param name="cancellationToken">Ends it between two statements.</param>
    /// <exception cref="DbException">Among others, with a script: something is not new, or refused, and it is not known what.</exception>
    public async Task RunAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        StoreTransaction transaction = await connection.BeginAsync(script).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        List<ReceivedBody> bodies = await InsertHashesAsync(batch.Bodies, cancellationToken).ConfigureAwait(false);

        Dictionary<TableLayout, List<Row>> rowsByTable = RowsByTable(bodies);
        foreach ((TableLayout layout, List<Row> rows) in rowsByTable)
        {
            await InsertAsync(layout, rows, cancellationToken).ConfigureAwait(false);
            if (!layout.IsComplete)
                await InsertExtrasAsync(layout, rows, cancellationToken).ConfigureAwait(false);
        }

        await FactTable.InsertAsync(connection, FactsOf(rowsByTable), script, logger, cancellationToken).ConfigureAwait(false);

        foreach (ReceivedBody body in bodies)
            _rejections.AddRange(body.Rejected.Select(piece => Rejection.Of(body, piece)));
        if (script is not null && (_rejections.Count > 0 || batch.Position is not null))
            await script.FlushAsync(cancellationToken).ConfigureAwait(false);
        foreach (Rejection rejection in _rejections)
            await InsertAsync(rejection, cancellationToken).ConfigureAwait(false);

        if (batch.Position is { } position)
            await MovePositionAsync(position, cancellationToken).ConfigureAwait(false);
    }

    private Dictionary<TableLayout, List<Row>> RowsByTable(List<ReceivedBody> bodies)
    {
        long number = firstNumber;
        Dictionary<TableLayout, List<Row>> rows = [];
        foreach (ReceivedBody body in bodies)
        {
            foreach (JanusEvent e in body.Events)
            {
                TableLayout layout = layouts[EventTables.For(e)];
                if (!rows.TryGetValue(layout, out List<Row>? ofTable))
                    rows.Add(layout, ofTable = []);
                ofTable.Add(new Row(EventRow.Of(e, layout, number++), body));
            }
        }

        return rows;
    }

    private static List<object?[]> FactsOf(Dictionary<TableLayout, List<Row>> rowsByTable) =>
    [
        .. rowsByTable.Where(rows => FactTable.Sources.Contains(rows.Key.Table))
            .SelectMany(rows => rows.Value)
            .SelectMany(row => FactTable.RowsOf(row.Event.Event, (long)row.Event.Values[0]!)),
    ];

    /// <summary>Notes the bodies as stored.</summary>
    /// <returns>Those that were not stored before, in the order of the batch.</returns>
    private async Task<List<ReceivedBody>> InsertHashesAsync(
        IReadOnlyList<ReceivedBody> bodies,
        CancellationToken cancellationToken)
    {
        // Sorted, so that two hosts that insert the same hashes wait for each other instead of deadlocking.
        ReceivedBody[] sorted = [.. bodies.OrderBy(b => b.Hash, HashComparer.Instance)];
        long batch = Random.Shared.NextInt64();
        if (script is not null)
        {
            // One that is there already, or twice, is a key that is taken.
            await InsertHashesAsync(connection.InsertInto(BookkeepingTables.Hashes), sorted, batch, cancellationToken).ConfigureAwait(false);
            return [.. bodies];
        }

        sorted = [.. sorted.DistinctBy(b => b.Hash, HashComparer.Instance)];
        int inserted = await InsertHashesAsync(connection.InsertNewInto(BookkeepingTables.Hashes), sorted, batch, cancellationToken)
            .ConfigureAwait(false);
        if (inserted == bodies.Count)
            return [.. bodies];

        HashSet<ReadOnlyMemory<byte>> ours = new(HashComparer.Instance);
        foreach (ReceivedBody[] some in sorted.Chunk(HashesPerQuestion))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await AddHashesOfBatchAsync(ours, some, batch).ConfigureAwait(false);
        }

        // Each body once, also where the batch has it twice.
        List<ReceivedBody> fresh = [.. bodies.Where(b => ours.Remove(b.Hash))];
        StoreLog.StoredAlready(logger, bodies.Count - fresh.Count);
        return fresh;
    }

    private Task<int> InsertHashesAsync(TableInsert insert, ReceivedBody[] bodies, long batch, CancellationToken cancellationToken)
    {
        return insert.InsertAsync(bodies.Length, _ => 0, Value, refused: null, script, cancellationToken);

        object Value(int place, int column) => column switch
        {
            0 => bodies[place].Hash.ToArray(),
            1 => batch,
            _ => now.UtcDateTime,
        };
    }

    /// <summary>Asks which hashes this batch put there itself.</summary>
    private async Task AddHashesOfBatchAsync(HashSet<ReadOnlyMemory<byte>> ours, ReceivedBody[] bodies, long batch)
    {
        // Always as many, so that it is one statement.
        string[] names = [.. Enumerable.Range(0, HashesPerQuestion).Select(i => string.Create(CultureInfo.InvariantCulture, $"@h{i}"))];
        List<byte[]> found = await connection.QueryAsync(
            $"SELECT {_dialect.Quote("hash")} FROM {_dialect.Quote(BookkeepingTables.Hashes.Name)} "
                + $"WHERE {_dialect.Quote("batch")} = @batch AND {_dialect.Quote("hash")} IN ({string.Join(", ", names)})",
            reader => reader.GetFieldValue<byte[]>(0),
            [
                ("@batch", ColumnKind.Integer, batch),
                .. names.Select((name, i) => (name, ColumnKind.Hash, (object)bodies[Math.Min(i, bodies.Length - 1)].Hash.ToArray())),
            ]).ConfigureAwait(false);
        foreach (byte[] hash in found)
            ours.Add(hash);
    }

    private async Task InsertAsync(TableLayout layout, List<Row> rows, CancellationToken cancellationToken)
    {
        TableInsert insert = connection.InsertInto(layout.Definition);
        List<Row> fitting = rows;
        if (rows.Exists(IsTooLarge))
        {
            foreach (Row row in rows.FindAll(IsTooLarge))
                Reject(layout, row, "The event is larger than a statement of the database may be.");
            fitting = rows.FindAll(row => !IsTooLarge(row));
            if (fitting.Count == 0)
                return;
        }

        await insert.InsertAsync(fitting.Count, BytesOf, Value, Refuse, script, cancellationToken).ConfigureAwait(false);

        bool IsTooLarge(Row row) => row.Bytes + insert.BytesPerRow > connection.MaxStatementBytes;

        long BytesOf(int row) => fitting[row].Bytes;

        object? Value(int row, int column) =>
            column < layout.Places.Count ? fitting[row].Event.Values[layout.Places[column]] : now.UtcDateTime.Date;

        void Refuse(int row, string reason) => Reject(layout, fitting[row], reason);
    }

    /// <summary>Keeps what a published table has no column for, of the rows that it took.</summary>
    private async Task InsertExtrasAsync(TableLayout layout, List<Row> rows, CancellationToken cancellationToken)
    {
        List<object?[]> extras =
        [
            .. rows.Where(row => !_refused.Contains(row.Event))
                .Select(row => (object?[])
                [
                    layout.Table.Name,
                    row.Event.Values[0],
                    (long?)(row.Event.Event as MediaStatsEvent)?.Part,
                    layout.HasExtra ? null : row.Event.Values[^1],
                ])
                .Where(values => values[2] is not null || values[3] is not null),
        ];
        await connection.InsertInto(BookkeepingTables.Extras).InsertAsync(
            extras.Count,
            row => (extras[row][3] as string)?.Length * 3L ?? 0,
            (row, column) => extras[row][column],
            refused: null,
            script: null,
            cancellationToken).ConfigureAwait(false);
    }

    private void Reject(TableLayout layout, Row row, string reason)
    {
        EventTable table = layout.Table;
        _refused.Add(row.Event);
        if (!layout.IsComplete)
            reason += " The table is as it was published in 2016; UpgradeSchema makes it hold whatever Janus sends.";
        Rejection rejection = Rejection.Of(row, $"Table {table.Name}: {reason}");

        // The parts of one combined event are one rejection.
        if (_rejections.Count > 0 && _rejections[^1].Body == rejection.Body && _rejections[^1].Place == rejection.Place)
            return;

        _rejections.Add(rejection);
        StoreLog.EventRefused(logger, table.Name, row.Event.Event.Type, row.Body.RemoteAddress);
    }

    private async Task InsertAsync(Rejection rejection, CancellationToken cancellationToken)
    {
        TableInsert insert = connection.InsertInto(BookkeepingTables.Rejected);
        int partLength = (int)Math.Min(int.MaxValue, Math.Max(1, connection.MaxStatementBytes / 2));
        bool mayKeepBytes = !rejection.Body.SecretsRemoved;
        int parts = mayKeepBytes ? Math.Max(1, (rejection.Bytes.Length + partLength - 1) / partLength) : 1;
        bool keepsBytes = mayKeepBytes && RejectedBytes + rejection.Bytes.Length <= rejectedRoom;
        if (keepsBytes)
            RejectedBytes += rejection.Bytes.Length;
        else if (mayKeepBytes)
            StoreLog.RejectedFull(logger, rejection.Bytes.Length);
        for (int part = 0; part < parts; part++)
        {
            int start = part * partLength;
            ReadOnlyMemory<byte> bytes = rejection.Bytes[start..Math.Min(rejection.Bytes.Length, start + partLength)];
            object?[] values =
            [
                rejection.Body.Hash.ToArray(),
                (long)rejection.Place,
                part + 1L,
                (long)parts,
                Cut(rejection.Body.RemoteAddress),
                rejection.Reason,
                mayKeepBytes ? bytes.Length : rejection.Size,
                keepsBytes ? bytes.ToArray() : null,
                rejection.Body.ArrivedAt.UtcDateTime,
            ];
            await insert.InsertAsync(values, cancellationToken).ConfigureAwait(false);
        }
    }

    // What is rejected must never be refused again.
    private static string? Cut(string? text) =>
        text?.Length > TableColumn.ShortTextLength ? text[..TableColumn.ShortTextLength] : text;

    private async Task MovePositionAsync(SpoolPosition position, CancellationToken cancellationToken)
    {
        byte[] spool = position.Spool.ToByteArray();
        int moved = await connection.ExecuteAsync(
            $"UPDATE {_dialect.Quote(BookkeepingTables.Spools.Name)} SET {_dialect.Quote("done")} = @done, {_dialect.Quote("stored")} = @stored "
                + $"WHERE {_dialect.Quote("spool")} = @spool",
            ("@done", ColumnKind.Integer, position.Sequence),
            ("@stored", ColumnKind.Time, now.UtcDateTime),
            ("@spool", ColumnKind.Guid, spool)).ConfigureAwait(false);
        if (moved > 0)
            return;

        await connection.InsertNewInto(BookkeepingTables.Spools)
            .InsertAsync([spool, position.Sequence, now.UtcDateTime], cancellationToken).ConfigureAwait(false);
    }
}
