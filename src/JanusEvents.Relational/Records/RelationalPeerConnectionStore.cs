using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>Reads the table <c>peerconnections</c>.</summary>
internal sealed class RelationalPeerConnectionStore(DbDataSource dataSource, SqlDialect dialect) : IPeerConnectionStore
{
    private readonly RecordReader _reader = new(dataSource, dialect, RecordTables.PeerConnections);

    public IAsyncEnumerable<PeerConnectionRecord> ReadAsync(PeerConnectionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        RecordReader.Check(nameof(PeerConnectionQuery), query.Limit, query.Order);
        return ReadRecordsAsync(query, cancellationToken);
    }

    public async Task<IReadOnlyList<PeerConnectionSummary>> SummarizeAsync(
        PeerConnectionQuery query,
        PeerConnectionGrouping by = PeerConnectionGrouping.None,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string? key = KeyOf(by);
        string setup = dialect.Quote("setup_ms");
        string isUp = $"{dialect.Quote("up")} IS NOT NULL";
        string isFailed = $"{dialect.Quote("outcome")} = 'failed'";

        // MySQL ignores trailing blanks, which the lengths show.
        string grouping = $"{(key is null ? "" : $"{key}, LENGTH({key}), ")}{setup}, {isUp}, {isFailed}";
        RecordFilter filter = FilterOf(query);
        List<SetupCount> counts = await _reader.QueryAsync(
            $"SELECT {key ?? "NULL"}, {setup}, {isUp}, {isFailed}, COUNT(*) FROM {dialect.Table(RecordTables.PeerConnections)}{filter.Where} GROUP BY {grouping}",
            filter,
            row => new SetupCount(
                EventJson.FromDatabase(ColumnKind.LongText, dialect.ValueOf(row, 0)) as string,
                EventJson.FromDatabase(ColumnKind.Integer, row.GetValue(1)) as long?,
                EventJson.FromDatabase(ColumnKind.Boolean, row.GetValue(2)) is true,
                EventJson.FromDatabase(ColumnKind.Boolean, row.GetValue(3)) is true,
                Convert.ToInt64(row.GetValue(4), CultureInfo.InvariantCulture)),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. counts.GroupBy(c => by == PeerConnectionGrouping.Server && c.Group is "" ? null : c.Group, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Summarize(by, group.Key, [.. group])),
        ];
    }

    private async IAsyncEnumerable<PeerConnectionRecord> ReadRecordsAsync(
        PeerConnectionQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RecordRow row in _reader.ReadAsync(FilterOf(query), query.Order, query.Limit, cancellationToken).ConfigureAwait(false))
            yield return PeerConnectionRows.Read(row);
    }

    /// <summary>The rows that a query asks for.</summary>
    public RecordFilter FilterOf(PeerConnectionQuery query) => _reader.All
        .Since("ended", query.From)
        .Before("ended", query.To)
        .Is("emitter", query.Emitter)
        .Is("plugin", query.Plugin)
        .Is("room", query.Room)
        .Is("outcome", query.Outcome)
        .Is("reason", query.Reason)
        .Is("participant", query.Participant)
        .Is("opaque_id", query.OpaqueId)
        .Is("session", query.SessionId)
        .Is("handle", query.HandleId);

    private string? KeyOf(PeerConnectionGrouping by) => by switch
    {
        PeerConnectionGrouping.None => null,
        PeerConnectionGrouping.Server => dialect.Quote("emitter"),
        PeerConnectionGrouping.Plugin => dialect.Quote("plugin"),
        PeerConnectionGrouping.Room => dialect.Quote("room"),
        PeerConnectionGrouping.Outcome => dialect.Quote("outcome"),

        // As in 2026-07-01 12, in every database.
        PeerConnectionGrouping.Hour => $"SUBSTR(CAST({dialect.Quote("ended")} AS CHAR), 1, 13)",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "Group by one of the values of PeerConnectionGrouping."),
    };

    private static PeerConnectionSummary Summarize(PeerConnectionGrouping by, string? group, List<SetupCount> counts)
    {
        List<(long Ms, long Count)> setups =
        [
            .. counts.Where(c => c.SetupMs is not null).GroupBy(c => c.SetupMs!.Value, (ms, same) => (ms, same.Sum(c => c.Count))).OrderBy(s => s.ms),
        ];
        bool isHour = by == PeerConnectionGrouping.Hour;
        return new PeerConnectionSummary
        {
            Group = isHour ? null : group,
            Hour = isHour ? DateTimeOffset.ParseExact(group!, "yyyy-MM-dd HH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null,
            Count = counts.Sum(c => c.Count),
            CameUp = counts.Sum(c => c.IsUp ? c.Count : 0),
            Failed = counts.Sum(c => c.IsFailed ? c.Count : 0),
            SetupP50Ms = Percentile(setups, 50),
            SetupP95Ms = Percentile(setups, 95),
        };
    }

    /// <summary>The lowest value that so many of a hundred do not exceed.</summary>
    private static long? Percentile(List<(long Ms, long Count)> setups, int percent)
    {
        long rank = ((setups.Sum(s => s.Count) * percent) + 99) / 100;
        foreach ((long ms, long count) in setups)
        {
            rank -= count;
            if (rank <= 0)
                return ms;
        }

        return null;
    }

    /// <summary>How many PeerConnections of a group had the same set-up time and the same end of the set-up.</summary>
    private readonly record struct SetupCount(string? Group, long? SetupMs, bool IsUp, bool IsFailed, long Count);
}
