using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Health;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Rejected;

/// <summary>Reads what was rejected, and stores what its tables take by now.</summary>
internal sealed class RelationalRejectedEvents(
    DbDataSource dataSource,
    SqlDialect dialect,
    EventStoreOptions options,
    JanusEventParser parser,
    WriteLock writeLock,
    StoreTroubles troubles,
    TimeProvider time,
    ILogger<RelationalRejectedEvents> logger) : IRejectedEvents
{
    private const int MaxTries = 50;

    // The bytes held at a time, beside an element that is larger.
    private const long BytesAtOnce = 8 << 20;

    public async IAsyncEnumerable<RejectedEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken, isReader: true).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (!await HasTableAsync(connection, cancellationToken).ConfigureAwait(false))
                yield break;

            long last = 0;
            while (await RejectedPage.ReadAsync(connection, last).ConfigureAwait(false) is { Count: > 0 } page)
            {
                foreach (RejectedPage.Entry entry in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return entry.Event;
                }

                last = page[^1].Event.Id;
            }
        }
    }

    public Task<RejectedRetryResult> RetryAsync(IProgress<RejectedRetryResult>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => RunAsync(progress, cancellationToken), cancellationToken);

    private static async Task<bool> HasTableAsync(StoreConnection connection, CancellationToken cancellationToken) =>
        (await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false)).Contains(BookkeepingTables.Rejected.Name);

    private async Task<RejectedRetryResult> RunAsync(IProgress<RejectedRetryResult>? progress, CancellationToken cancellationToken)
    {
        RejectedRetryResult done = new(0, 0);
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            WritableTables tables = new(dialect, options, troubles, time, logger);
            RowNumbers numbers = new(dialect, time);
            using (await writeLock.EnterBesideAsync().ConfigureAwait(false))
                await tables.PrepareAsync(connection, cancellationToken).ConfigureAwait(false);

            long last = 0;
            while (await RejectedPage.ReadAsync(connection, last).ConfigureAwait(false) is { Count: > 0 } page)
            {
                last = page[^1].Event.Id;
                foreach (List<RejectedPage.Entry> some in BySize(page))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    int stored = await StoreAsync(connection, tables, numbers, some).ConfigureAwait(false);
                    done = new RejectedRetryResult(done.Read + some.Count, done.Stored + stored);
                }

                progress?.Report(done);
            }
        }

        return done;
    }

    /// <summary>Divides entries so that the bytes of each list fit into memory.</summary>
    private static IEnumerable<List<RejectedPage.Entry>> BySize(List<RejectedPage.Entry> page)
    {
        List<RejectedPage.Entry> some = [];
        foreach (RejectedPage.Entry entry in page)
        {
            if (some.Count > 0 && some.Sum(e => e.Event.Size) + entry.Event.Size > BytesAtOnce)
            {
                yield return some;
                some = [];
            }

            some.Add(entry);
        }

        yield return some;
    }

    /// <returns>How many were stored.</returns>
    private async Task<int> StoreAsync(
        StoreConnection connection,
        WritableTables tables,
        RowNumbers numbers,
        List<RejectedPage.Entry> entries)
    {
        List<Piece> pieces = [];
        foreach (RejectedPage.Entry entry in entries.Where(e => e.Event.HasBytes))
        {
            (List<long> rows, byte[] bytes) = await RejectedPage.ReadBytesAsync(connection, entry).ConfigureAwait(false);
            ReceivedBody body = new(bytes, parser.Parse(bytes), entry.Event.ArrivedAt, entry.Event.RemoteAddress);
            if (rows.Count == entry.Parts && body.Events.Count > 0 && body.Rejected.Count == 0)
                pieces.Add(new Piece(rows, body));
        }

        using WriteLock.Held held = await writeLock.EnterBesideAsync().ConfigureAwait(false);
        for (int attempt = 1; pieces.Count > 0; attempt++)
        {
            HashSet<ReceivedBody> refused = [];
            try
            {
                long first = await numbers.TakeAsync(connection, pieces.Sum(p => p.Body.Events.Count)).ConfigureAwait(false);
                if (await TryStoreAsync(connection, tables, first, pieces, refused).ConfigureAwait(false))
                    return pieces.Count;
            }
            catch (Exception e) when (attempt < MaxTries && !connection.IsBroken && MayRepeat(e))
            {
                // Numbers that somebody else took; a host that writes; a row whose refusal ended the transaction, which is known now.
                if (dialect.Classify(e) == FailureKind.NumberTaken)
                    numbers.GoBeyondAll();
            }

            pieces.RemoveAll(piece => refused.Contains(piece.Body));
        }

        return 0;
    }

    private bool MayRepeat(Exception exception) =>
        exception is RepeatException || dialect.Classify(exception) is FailureKind.Repeat or FailureKind.NumberTaken;

    /// <summary>Moves pieces into the tables of their events, all or none.</summary>
    private async Task<bool> TryStoreAsync(
        StoreConnection connection,
        WritableTables tables,
        long first,
        List<Piece> pieces,
        HashSet<ReceivedBody> refused)
    {
        StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // First, so that two that do this at the same time wait for each other here.
            foreach (Piece piece in pieces)
            {
                if (!await RemoveAsync(connection, piece).ConfigureAwait(false))
                    refused.Add(piece.Body);
            }

            if (refused.Count > 0)
                return false;

            EventRows rows = new(
                connection,
                tables,
                time.GetUtcNow(),
                script: null,
                numbersAreTaken: false,
                (row, _, _) => refused.Add(row.Body));
            List<Row> all = [.. pieces.SelectMany(p => p.Body.Events.Select(e => (p.Body, Event: e)))
                .Select((e, i) => new Row(EventRow.Of(e.Event, tables.Layouts[EventTables.For(e.Event)], first + i), e.Body))];
            await rows.InsertAsync(all, CancellationToken.None).ConfigureAwait(false);
            if (refused.Count > 0)
                return false;

            await rows.InsertFactsAsync(logger, CancellationToken.None).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
            troubles.Committed(rows.Stored, []);
            return true;
        }
    }

    private async Task<bool> RemoveAsync(StoreConnection connection, Piece piece)
    {
        int removed = 0;
        foreach (long row in piece.Rows)
        {
            removed += await connection.ExecuteAsync(
                $"DELETE FROM {dialect.Table(BookkeepingTables.Rejected)} WHERE {dialect.Quote("id")} = @id",
                ("@id", ColumnKind.Integer, row)).ConfigureAwait(false);
        }

        return removed == piece.Rows.Count;
    }

    /// <summary>An entry with its bytes read as a body, and the numbers of its rows.</summary>
    private sealed record Piece(List<long> Rows, ReceivedBody Body);
}
