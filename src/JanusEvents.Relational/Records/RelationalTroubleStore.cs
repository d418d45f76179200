using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>Reads the table <c>troubles</c>.</summary>
internal sealed class RelationalTroubleStore(DbDataSource dataSource, SqlDialect dialect) : ITroubleStore
{
    private readonly RecordReader _reader = new(dataSource, dialect, RecordTables.Troubles);

    public IAsyncEnumerable<Trouble> ReadAsync(TroubleQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        RecordReader.Check(nameof(TroubleQuery), query.Limit, query.Order);
        if (!Enum.IsDefined(query.MinSeverity))
            throw new ArgumentOutOfRangeException(nameof(query), query.MinSeverity, "TroubleQuery.MinSeverity must be Info, Warning, Error or Critical.");
        return ReadTroublesAsync(query, cancellationToken);
    }

    private async IAsyncEnumerable<Trouble> ReadTroublesAsync(TroubleQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RecordRow row in _reader.ReadAsync(FilterOf(query), query.Order, query.Limit, cancellationToken).ConfigureAwait(false))
            yield return TroubleRows.Read(row);
    }

    /// <summary>The rows that a query asks for.</summary>
    public RecordFilter FilterOf(TroubleQuery query)
    {
        RecordFilter filter = _reader.All
            .Before("began", query.To)
            .Since("ended", query.From, orNone: true)
            .Is("code", query.Code)
            .Is("emitter", query.Emitter)
            .Is("room", query.Room)
            .Is("session", query.SessionId)
            .Is("handle", query.HandleId);
        if (query.OnlyOpen)
            filter.IsMissing("ended");
        return query.MinSeverity == TroubleSeverity.Info
            ? filter
            : filter.IsOneOf("severity", Enum.GetValues<TroubleSeverity>().Where(s => s >= query.MinSeverity).Select(TroubleWords.Of));
    }
}
