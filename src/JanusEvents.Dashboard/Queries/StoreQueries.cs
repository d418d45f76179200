using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Dashboard.Views;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.Dashboard.Queries;

/// <summary>The page's queries to the store: records, troubles, stays, what servers said of themselves. Bounded in count; without a store, nothing.</summary>
internal sealed class StoreQueries(
    RowTexts texts,
    IEventStore? events = null,
    IPeerConnectionStore? records = null,
    ITroubleStore? troubles = null,
    IRoomStore? rooms = null)
{
    private const int MostRead = 20_000;
    private const int MostDownloaded = 100_000;
    private const int MostRows = 500;
    private const int MostStarts = 50;

    /// <summary>Records with their summary; without it where a list goes on.</summary>
    public async Task<JsonObject> RecordsAsync(RecordRequest request, CancellationToken cancellationToken)
    {
        List<(RecordPosition Position, PeerConnectionRecord Record)> found = [];
        int read = 0;
        await foreach (PeerConnectionRecord record in ReadAsync(Remaining(request), MostRead, cancellationToken).ConfigureAwait(false))
        {
            // All that ended at the same time are read: the store has no order among them.
            if (request.IsByEnd && found.Count > request.Limit && record.Ended != found[^1].Record.Ended)
                break;
            read++;
            RecordPosition position = RecordPosition.Of(record, request.Sort);
            if (request.After is not { } after || position.CompareTo(after) > 0)
                found.Add((position, record));
        }

        found.Sort((one, other) => one.Position.CompareTo(other.Position));
        JsonObject answer = new()
        {
            ["records"] = new JsonArray([.. found.Take(request.Limit).Select(entry => (JsonNode)RecordRow.Json(entry.Record, texts))]),
            ["more"] = found.Count > request.Limit,
            ["next"] = found.Count > request.Limit ? found[request.Limit - 1].Position.ToString() : null,
            ["sortedOf"] = read >= MostRead && !request.IsByEnd ? MostRead : null,
        };
        if (request.After is not null)
            return answer;
        if (records is not null)
        {
            IReadOnlyList<PeerConnectionSummary> whole = await records.SummarizeAsync(request.Query, cancellationToken: cancellationToken).ConfigureAwait(false);
            answer["summary"] = Summary(whole.Count == 0 ? new PeerConnectionSummary() : whole[0]);
            if (request.Grouping != PeerConnectionGrouping.None)
            {
                IReadOnlyList<PeerConnectionSummary> groups = await records.SummarizeAsync(request.Query, request.Grouping, cancellationToken).ConfigureAwait(false);
                answer["groups"] = new JsonArray([.. groups.Take(MostRows).Select(group => (JsonNode)Summary(group))]);
            }
        }

        return answer;
    }

    // The index by end leads to where a list by end goes on.
    private static RecordRequest Remaining(RecordRequest request)
    {
        if (!request.IsByEnd || request.After is not { } after)
            return request;
        DateTimeOffset behind = new DateTimeOffset(after.Ended, TimeSpan.Zero).AddMicroseconds(1);
        return request.Query.To < behind ? request : request with { Query = request.Query with { To = behind } };
    }

    /// <summary>The records of a request, newest first.</summary>
    public async IAsyncEnumerable<PeerConnectionRecord> ReadAsync(
        RecordRequest request, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (records is null)
            yield break;
        int left = most;
        await foreach (PeerConnectionRecord record in records.ReadAsync(request.Query with { Limit = MostDownloaded }, cancellationToken).ConfigureAwait(false))
        {
            if (!request.Has(record))
                continue;
            yield return record;
            if (--left == 0)
                yield break;
        }
    }

    /// <summary>All records of a request as a file.</summary>
    public async Task DownloadAsync(RecordRequest request, bool asCsv, HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = asCsv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=calls.{(asCsv ? "csv" : "json")}";
        await response.WriteAsync(asCsv ? RecordRow.Header : "[", cancellationToken).ConfigureAwait(false);
        bool isFirst = true;
        await foreach (PeerConnectionRecord record in ReadAsync(request, MostDownloaded, cancellationToken).ConfigureAwait(false))
        {
            string text = asCsv ? RecordRow.Csv(record, texts) : (isFirst ? "\n" : ",\n") + RecordRow.Json(record, texts).ToJsonString();
            await response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
            isFirst = false;
        }

        if (!asCsv)
            await response.WriteAsync("\n]\n", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Troubles of the past, newest first.</summary>
    public async Task<JsonObject> TroublesAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        JsonArray rows = [];
        if (troubles is not null)
        {
            TroubleQuery wanted = new()
            {
                Emitter = query.ContainsKey("emitter") ? query["emitter"].ToString() : null,
                Room = ViewKey.Value(query, "room"),
                From = RecordRequest.Time(query, "from"),
                To = RecordRequest.Time(query, "to"),
                Limit = MostRows,
                Order = EventOrder.NewestFirst,
            };
            await foreach (Trouble trouble in troubles.ReadAsync(wanted, cancellationToken).ConfigureAwait(false))
            {
                JsonObject row = TroubleRows.Of(trouble, texts);
                row["id"] = trouble.Id;
                rows.Add((JsonNode)row);
            }
        }

        return new JsonObject { ["troubles"] = rows };
    }

    /// <summary>The stays in a room, newest first.</summary>
    public async Task<JsonObject> StaysAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        JsonArray rows = [];
        if (rooms is not null && ViewKey.Value(query, "room") is { } room)
        {
            RoomQuery wanted = new() { Room = room, Plugin = ViewKey.Value(query, "plugin"), Emitter = ViewKey.Value(query, "emitter"), Limit = MostRows, Order = EventOrder.NewestFirst };
            await foreach (RoomStay stay in rooms.ReadStaysAsync(wanted, cancellationToken).ConfigureAwait(false))
            {
                rows.Add((JsonNode)new JsonObject
                {
                    ["participant"] = texts.Short(stay.Participant),
                    ["display"] = texts.Short(stay.Display),
                    ["opaqueId"] = texts.Short(stay.OpaqueId),
                    ["session"] = RowText.Of(stay.SessionId),
                    ["handle"] = RowText.Of(stay.HandleId),
                    ["from"] = RowText.Of(stay.Began),
                    ["to"] = RowText.Of(stay.Ended),
                });
            }
        }

        return new JsonObject { ["stays"] = rows };
    }

    /// <summary>The description that a server sent at its last start, and the times of its starts.</summary>
    public async Task<JsonObject> ServerAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        JsonArray info = [], restarts = [];
        if (events is not null)
        {
            string? emitter = ViewKey.Value(query, "emitter");
            EventQuery wanted = new() { Emitter = emitter, Kinds = [typeof(CoreEvent)], Order = EventOrder.NewestFirst, Limit = MostRead };
            await foreach (CoreEvent core in events.ReadAsync(wanted, cancellationToken).OfType<CoreEvent>().ConfigureAwait(false))
            {
                if (core.Emitter != emitter || core.Status is CoreStates.Update)
                    continue;
                if (core.Status == CoreStates.Started && info.Count == 0)
                    AddInfo(info, core.Info);
                restarts.Add((JsonNode)new JsonObject { ["at"] = RowText.Of(core.Timestamp), ["status"] = core.Status, ["signal"] = core.Signum });
                if (restarts.Count == MostStarts)
                    break;
            }
        }

        return new JsonObject { ["info"] = info, ["restarts"] = restarts };
    }

    /// <summary>The stored events of a handle as lines of JSON, as Janus sent them.</summary>
    public async Task DownloadEventsAsync(CallKey key, HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=events.ndjson";
        if (events is null)
            return;
        EventQuery query = new() { SessionId = key.Session, HandleId = key.Handle, Emitter = key.Emitter, Limit = MostDownloaded };
        await foreach (JanusEvent e in events.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (e is not MediaStatsEvent { Part: > 0 })
                await response.WriteAsync(texts.Json(e).ReplaceLineEndings(" ") + "\n", cancellationToken).ConfigureAwait(false);
        }
    }

    // The values that troubles depend on come first, and what nobody looks for not at all.
    private void AddInfo(JsonArray info, RawJson description)
    {
        if (ServerRows.Description(description) is not { } values)
            return;
        foreach ((string name, JsonNode? value) in values)
        {
            if (value is JsonValue && name is not "janus" && info.Count < 100)
                info.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = texts.Short(value.ToString()) });
        }
    }

    private static JsonObject Summary(PeerConnectionSummary summary) => new()
    {
        ["name"] = summary.Group ?? RowText.Of(summary.Hour),
        ["count"] = summary.Count,
        ["succeeded"] = summary.CameUp,
        ["failed"] = summary.Failed,
        ["ratio"] = summary.SuccessRatio is { } ratio ? Math.Round(ratio, 4) : null,
        ["p50Ms"] = summary.SetupP50Ms,
        ["p95Ms"] = summary.SetupP95Ms,
    };
}
