using System.Data.Common;
using System.Globalization;
using JanusEvents.Delivery;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes a batch inside a transaction: the hashes first, then the events of the bodies that are new, then what was
/// rejected.
/// </summary>
internal sealed class BatchTransaction(
    StoreConnection connection,
    WritableTables tables,
    DateTimeOffset now,
    long firstNumber,
    SuspectRows suspects,
    bool numbersAreTaken,
    StatementScript? script,
    ILogger logger)
{
    // How many hashes are asked for at once.
    private const int HashesPerQuestion = 64;

    private readonly SqlDialect _dialect = connection.Dialect;
    private readonly List<Rejection> _rejections = [];
    private readonly List<Refusal> _refusals = [];
    private readonly List<(Row Row, DbException Failure, bool WasTried)> _suspects = [];

    /// <summary>How many bytes were put into <c>rejected</c>.</summary>
    public long RejectedBytes { get; private set; }

    /// <summary>How many bodies were stored before.</summary>
    public int StoredAlready { get; private set; }

    /// <summary>The events that the tables refused.</summary>
    public IReadOnlyList<Refusal> Refusals => _refusals;

    /// <summary>How many rows each table of events took.</summary>
    public IReadOnlyDictionary<EventTable, int> StoredRows { get; private set; } = new Dictionary<EventTable, int>();

    /// <summary>
    /// Writes everything: with a script, which takes it that all bodies are new and nothing is refused, or statement by statement,
    /// which finds what was stored before and what the database refuses.
    /// </summary>
    /// <param name="batch">The batch to write.</param>
    /// <param name="cancellationToken">Ends it between two statements.</param>
    /// <exception cref="DbException">Among others, with a script: something is not new, or refused, and it is not known what.</exception>
    /// <exception cref="SetAsideException">Bodies are to be left out, since something of them is refused that may be taken later.</exception>
    /// <exception cref="RepeatException">It is to be written again.</exception>
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

        EventRows rows = new(connection, tables, now, script, numbersAreTaken, Refuse);
        await rows.InsertAsync(RowsOf(bodies), cancellationToken).ConfigureAwait(false);
        StoredRows = rows.Stored;
        Judge(bodies);
        await rows.InsertFactsAsync(logger, cancellationToken).ConfigureAwait(false);

        foreach (ReceivedBody body in bodies)
            _rejections.AddRange(body.Rejected.Select(element => Rejection.Of(body, element)));
        if (script is not null && (_rejections.Count > 0 || batch.Position is not null))
            await script.FlushAsync(cancellationToken).ConfigureAwait(false);
        foreach (Rejection rejection in _rejections)
            await InsertAsync(rejection, cancellationToken).ConfigureAwait(false);

        if (batch.Position is { } position)
            await MovePositionAsync(position, cancellationToken).ConfigureAwait(false);
    }

    private List<Row> RowsOf(List<ReceivedBody> bodies)
    {
        long number = firstNumber;
        List<Row> rows = [];
        foreach (ReceivedBody body in bodies)
        {
            foreach (JanusEvent e in body.Events)
            {
                Row row = new(EventRow.Of(e, tables.Layouts[EventTables.For(e)], number++), body);
                if (script is null && suspects.FailureOf(row) is { } failure)
                    Reject(row, failure);
                else
                    rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Records the bodies as stored.</summary>
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
        List<ReceivedBody> fresh = [];
        foreach (ReceivedBody body in bodies)
        {
            if (ours.Remove(body.Hash))
                fresh.Add(body);
            else
                body.IsDuplicate = true;
        }

        StoredAlready = bodies.Count - fresh.Count;
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
            $"SELECT {_dialect.Quote("hash")} FROM {_dialect.Table(BookkeepingTables.Hashes)} "
                + $"WHERE {_dialect.Quote("batch")} = @batch AND {_dialect.Quote("hash")} IN ({string.Join(", ", names)})",
            reader => reader.GetFieldValue<byte[]>(0),
            [
                ("@batch", ColumnKind.Integer, batch),
                .. names.Select((name, i) => (name, ColumnKind.Hash, (object)bodies[Math.Min(i, bodies.Length - 1)].Hash.ToArray())),
            ]).ConfigureAwait(false);
        foreach (byte[] hash in found)
            ours.Add(hash);
    }

    private void Refuse(Row row, DbException failure, bool wasTried)
    {
        if (failure is not RefusedRowException && _dialect.Classify(failure) == FailureKind.Statement)
        {
            _suspects.Add((row, failure, wasTried));
            return;
        }

        // Known next time, so that no part of a combined event is stored, and a row that ends its transaction is not tried.
        suspects.Convict(row, failure);
        Reject(row, failure);
        if (row.IsPart)
            throw new RepeatException("A part of a combined event is refused.", failure);
    }

    /// <summary>Rejects the suspects that are to blame themselves, and has the bodies of the others set aside.</summary>
    private void Judge(List<ReceivedBody> bodies)
    {
        bool besideOthers = StoredRows.Values.Sum() > 0;
        List<(Row Row, DbException Failure)> unclear = [];
        foreach ((Row row, DbException failure, bool wasTried) in _suspects)
        {
            if (!wasTried)
                suspects.Record(row);
            if (!wasTried || !suspects.Refuse(row, besideOthers))
            {
                unclear.Add((row, failure));
                continue;
            }

            suspects.Convict(row, failure);
            if (row.IsPart)
                throw new RepeatException("A part of a combined event is refused.", failure);
            Reject(row, failure);
        }

        if (unclear.Count == 0)
            return;

        // Later bodies of the same senders wait, so that each sender's order stays.
        HashSet<Sender> senders = [];
        List<ReceivedBody> aside = [];
        foreach (ReceivedBody body in bodies)
        {
            if (unclear.Exists(u => u.Row.Body == body))
                senders.Add(Sender.Of(body));
            if (senders.Contains(Sender.Of(body)))
                aside.Add(body);
        }

        (Row first, DbException why) = unclear[0];
        throw new SetAsideException(
            $"Table {Name(first.Event.Layout.Table)} refused an event: {_dialect.Explain(why).Words}. Whether it is the event or the table is not known yet.",
            aside,
            why);
    }

    private string Name(EventTable table) => _dialect.TablePrefix + table.Name;

    private void Reject(Row row, DbException failure)
    {
        TableLayout layout = row.Event.Layout;
        string reason = failure.Message;
        if (!layout.IsComplete)
            reason += " The table is as it was published in 2016; UpgradeSchema makes it hold whatever Janus sends.";
        Rejection rejection = Rejection.Of(row, $"Table {Name(layout.Table)}: {reason}");

        // The parts of one combined event are one rejection.
        if (_rejections.Count > 0 && _rejections[^1].Body == rejection.Body && _rejections[^1].Place == rejection.Place)
            return;

        _rejections.Add(rejection);
        _refusals.Add(new Refusal(layout.Table, row.Event.Event.Type, row.Body.RemoteAddress, _dialect.Explain(failure)));
    }

    private async Task InsertAsync(Rejection rejection, CancellationToken cancellationToken)
    {
        TableInsert insert = connection.InsertInto(BookkeepingTables.Rejected);
        int partLength = (int)Math.Min(int.MaxValue, Math.Max(1, connection.MaxStatementBytes / 2));
        bool mayKeepBytes = !rejection.Body.IsRedacted;
        int parts = mayKeepBytes ? Math.Max(1, (rejection.Bytes.Length + partLength - 1) / partLength) : 1;
        bool keepsBytes = mayKeepBytes && RejectedBytes + rejection.Bytes.Length <= tables.RoomForRejected;
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

    // A rejected event must never be refused again.
    private static string? Cut(string? text) =>
        text?.Length > TableColumn.ShortTextLength ? text[..TableColumn.ShortTextLength] : text;

    private async Task MovePositionAsync(SpoolPosition position, CancellationToken cancellationToken)
    {
        byte[] spool = position.Spool.ToByteArray();
        int moved = await connection.ExecuteAsync(
            $"UPDATE {_dialect.Table(BookkeepingTables.Spools)} SET {_dialect.Quote("done")} = @done, {_dialect.Quote("stored")} = @stored "
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

/// <summary>Compares the hashes of bodies.</summary>
internal sealed class HashComparer : IEqualityComparer<ReadOnlyMemory<byte>>, IComparer<ReadOnlyMemory<byte>>
{
    public static HashComparer Instance { get; } = new();

    public int Compare(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceCompareTo(y.Span);

    public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<byte> obj) => BitConverter.ToInt32(obj.Span);
}
