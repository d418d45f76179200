using System.Globalization;
using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;

namespace JanusEvents.Dashboard.Queries;

/// <summary>
/// Finds calls, rooms, participants and servers by what people know of them. What is open is looked through whole; the store is asked for
/// equal values that have an index, for at most three seconds.
/// </summary>
internal sealed class Search(
    IJanusMonitor monitor,
    RowTexts texts,
    IEventStore? events = null,
    IPeerConnectionStore? records = null,
    IRoomStore? rooms = null)
{
    private const int MostHits = 50;
    private const int LongestText = 200;
    private const int MostLooked = 5_000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_lately = TimeSpan.FromDays(3);

    public async Task<JsonObject> FindAsync(string text, CancellationToken cancellationToken)
    {
        text = text.Trim();
        if (text.Length > LongestText)
            text = text[..LongestText];
        Hits live = new(), stored = new();
        string? note = null;
        if (text.Length > 0)
        {
            FindLive(text, live);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_limit);
            try
            {
                await FindStoredAsync(text, stored, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                note = "The store was asked for three seconds; there may be more. Names are found in the last three days.";
            }
        }

        return new JsonObject { ["live"] = live.Rows, ["stored"] = stored.Rows, ["note"] = note };
    }

    private void FindLive(string text, Hits hits)
    {
        MonitorSnapshot snapshot = monitor.Read();
        foreach (ServerState server in snapshot.Servers.Where(s => Has(s.Emitter, text)))
            hits.Add("server", server.Emitter ?? "", Count(server.Calls, "calls"), $"#/server/{Segment(server.Emitter)}");
        foreach (RoomState room in snapshot.Rooms.Where(r => Has(r.Room, text)))
            hits.Add("room", texts.Short(room.Room)!, Detail(room.Plugin, room.Emitter, Count(room.Participants.Count, "participants")), RoomHash(room.Emitter, room.Plugin, room.Room));
        foreach (CallState call in snapshot.Calls)
        {
            if (call.Key.Session.ToString(CultureInfo.InvariantCulture) == text || call.Key.Handle.ToString(CultureInfo.InvariantCulture) == text
                || Has(call.Display, text) || Has(call.OpaqueId, text) || call.Participant == text)
            {
                hits.Add("call", NameOf(call.Display, call.Participant, call.Key), Detail(call.Plugin, call.Room, call.Phase), HashOf(call.Key));
            }
        }

        foreach (RoomState room in snapshot.Rooms)
        {
            foreach (ParticipantState participant in room.Participants.Where(p => Has(p.Display, text) || p.Participant == text))
                hits.Add("participant", texts.Short(participant.Display) ?? participant.Participant, Detail(room.Plugin, room.Room, room.Emitter), RoomHash(room.Emitter, room.Plugin, room.Room));
        }
    }

    private async Task FindStoredAsync(string text, Hits hits, CancellationToken cancellationToken)
    {
        if (records is null)
            return;
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id);
        if (isNumber)
            await AddAsync(new PeerConnectionQuery { SessionId = id }, hits, cancellationToken).ConfigureAwait(false);
        await AddAsync(new PeerConnectionQuery { OpaqueId = text }, hits, cancellationToken).ConfigureAwait(false);
        if (await AddAsync(new PeerConnectionQuery { Room = text }, hits, cancellationToken).ConfigureAwait(false) is { } room)
            hits.Add("room", texts.Short(text)!, Detail(room.Plugin, room.Emitter, "as it was"), RoomHash(room.Emitter, room.Plugin ?? "", text));
        else if (rooms is not null)
            await AddRoomAsync(text, hits, cancellationToken).ConfigureAwait(false);

        // Without an index: names, handles and participants among the calls of the last days.
        int looked = 0;
        PeerConnectionQuery lately = new() { From = monitor.Read(MonitorParts.None).TakenAt - s_lately, Order = EventOrder.NewestFirst, Limit = MostLooked };
        await foreach (PeerConnectionRecord record in records.ReadAsync(lately, cancellationToken).ConfigureAwait(false))
        {
            looked++;
            if (Has(record.Display, text) || record.Participant == text || (isNumber && record.Handle == id) || Has(record.OpaqueId, text))
                hits.Add("call", NameOf(record.Display, record.Participant, RowText.KeyOf(record)), Detail(record.Plugin, record.Room, record.Outcome, RowText.Of(record.Ended)), HashOf(RowText.KeyOf(record)));
        }

        if (IsAddress(text) && events is not null)
            await AddByAddressAsync(text, hits, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PeerConnectionRecord?> AddAsync(PeerConnectionQuery query, Hits hits, CancellationToken cancellationToken)
    {
        PeerConnectionRecord? first = null;
        await foreach (PeerConnectionRecord record in records!.ReadAsync(query with { Order = EventOrder.NewestFirst, Limit = MostHits }, cancellationToken).ConfigureAwait(false))
        {
            first ??= record;
            hits.Add("call", NameOf(record.Display, record.Participant, RowText.KeyOf(record)), Detail(record.Plugin, record.Room, record.Outcome, RowText.Of(record.Ended)), HashOf(RowText.KeyOf(record)));
        }

        return first;
    }

    private async Task AddRoomAsync(string text, Hits hits, CancellationToken cancellationToken)
    {
        RoomQuery query = new() { Room = text, Limit = 1, Order = EventOrder.NewestFirst };
        await foreach (RoomStay stay in rooms!.ReadStaysAsync(query, cancellationToken).ConfigureAwait(false))
            hits.Add("room", texts.Short(text)!, Detail(stay.Plugin, stay.Emitter, "as it was"), RoomHash(stay.Emitter, stay.Plugin, text));
    }

    // Candidates of the last days that have the address, newest first.
    private async Task AddByAddressAsync(string text, Hits hits, CancellationToken cancellationToken)
    {
        EventQuery query = new()
        {
            Kinds = [typeof(SelectedPairEvent), typeof(RemoteCandidateEvent)],
            From = monitor.Read(MonitorParts.None).TakenAt - s_lately,
            Order = EventOrder.NewestFirst,
            Limit = MostLooked * 4,
        };
        await foreach (JanusEvent e in events!.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            string? line = e is RemoteCandidateEvent candidate ? candidate.Candidate : (e as SelectedPairEvent)?.Pair ?? (e as SelectedPairEvent)?.Remote?.Address;
            if (line?.Contains(text, StringComparison.Ordinal) == true && e is { SessionId: { } session, HandleId: { } handle })
                hits.Add("handle", RowText.Of(handle), texts.Clean(line) ?? "", HashOf(new CallKey(e.Emitter, session, handle, 0)));
        }
    }

    private static bool IsAddress(string text) => text.Length >= 7 && System.Net.IPAddress.TryParse(text, out _);

    private static bool Has(string? value, string text) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    private string NameOf(string? display, string? participant, CallKey key) => texts.Short(display ?? participant) ?? RowText.Of(key.Handle);

    private string Detail(params ReadOnlySpan<string?> parts)
    {
        List<string> known = [];
        foreach (string? part in parts)
        {
            if (!string.IsNullOrEmpty(part))
                known.Add(texts.Short(part)!);
        }

        return string.Join(" · ", known);
    }

    private static string HashOf(CallKey key) =>
        string.Create(CultureInfo.InvariantCulture, $"#/call/{Segment(key.Emitter)}/{key.Session}/{key.Handle}/{key.Number}");

    private static string RoomHash(string? emitter, string plugin, string room) => $"#/room/{Segment(emitter)}/{Segment(plugin)}/{Segment(room)}";

    private static string Segment(string? value) => Uri.EscapeDataString(value ?? "");

    /// <summary>The results, each once, up to a limit.</summary>
    private sealed class Hits
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public JsonArray Rows { get; } = [];

        public void Add(string kind, string title, string detail, string hash)
        {
            if (Rows.Count < MostHits && _known.Add($"{kind} {hash}"))
                Rows.Add((JsonNode)new JsonObject { ["kind"] = kind, ["title"] = title, ["detail"] = detail, ["hash"] = hash });
        }
    }
}
