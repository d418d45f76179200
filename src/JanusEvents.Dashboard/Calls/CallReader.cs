using System.Text.Json;
using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Dashboard.Views;

namespace JanusEvents.Dashboard.Calls;

/// <summary>
/// Reads all that is known of a call: from memory while it lasts, and from the store, where there is one. A few index reads.
/// </summary>
internal sealed class CallReader(
    IJanusMonitor monitor,
    RowTexts texts,
    TimeProvider time,
    IEventStore? events = null,
    IPeerConnectionStore? records = null,
    ITroubleStore? troubles = null)
{
    private const int MostEvents = 60_000;
    private const int MostTroubles = 200;
    private const int MostNeighbours = 50;

    // Events that explain an end arrive a moment after it.
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_neighbours = TimeSpan.FromHours(12);

    /// <summary>Reads a call.</summary>
    /// <returns>The call; null when nothing is known of it.</returns>
    public async Task<Call?> ReadAsync(CallKey key, CancellationToken cancellationToken)
    {
        List<PeerConnectionRecord> ended = [];
        if (records is not null)
        {
            PeerConnectionQuery ofHandle = new() { SessionId = key.Session, HandleId = key.Handle, Emitter = key.Emitter ?? "", Limit = 1_000 };
            await foreach (PeerConnectionRecord record in records.ReadAsync(ofHandle, cancellationToken).ConfigureAwait(false))
                ended.Add(record);
            ended.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        }

        CallDetail? live = monitor.FindCall(key);
        PeerConnectionRecord? of = live?.Record ?? (key.Number == 0 ? ended.LastOrDefault() : ended.Find(record => record.Number == key.Number));
        if (of is null)
            return null;

        CallStory story = new(texts);
        DateTimeOffset? from = ended.FindLast(record => record.Number < of.Number)?.Ended + s_after;
        DateTimeOffset? to = live is null ? of.Ended + s_after : null;
        if (events is not null)
        {
            int count = 0;
            EventQuery query = new() { SessionId = key.Session, HandleId = key.Handle, Emitter = key.Emitter, From = from, To = to, Limit = MostEvents };
            await foreach (JanusEvent e in events.ReadAsync(query, cancellationToken).ConfigureAwait(false))
            {
                if (key.Emitter is null && e.Emitter is not null)
                    continue;
                story.Add(e);
                count++;
            }

            if (live is null)
                story.CloseBefore(DateTimeOffset.MaxValue);
            if (count >= MostEvents)
                story.NotShown++;
        }

        int numbers = Math.Max(ended.Count == 0 ? 0 : ended[^1].Number, of.Number);
        return new Call(of, live?.State, story, numbers, await TroublesAsync(of, cancellationToken).ConfigureAwait(false), await NeighboursAsync(of, live is not null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Brings a call that was read before up to date, without the store.</summary>
    /// <returns>The call; null when it has ended.</returns>
    public Call? ReadAgain(Call before)
    {
        CallKey key = RowText.KeyOf(before.Record);
        if (monitor.FindCall(key) is not { } live)
            return null;
        MonitorSnapshot snapshot = monitor.Read(MonitorParts.None);
        Dictionary<string, Trouble> known = before.Troubles.ToDictionary(t => t.Id, StringComparer.Ordinal);
        foreach (Trouble trouble in snapshot.RecentTroubles.Concat(snapshot.Troubles).Where(t => IsOf(t, live.Record)))
            known[trouble.Id] = trouble;
        return before with { Record = live.Record, Live = live.State, Troubles = Sorted(known.Values) };
    }

    /// <summary>The sections of a call that are not appended to.</summary>
    public ViewContent ContentOf(Call call)
    {
        ViewContent content = new();
        JsonObject row = CallRow.Of(call.Record, call.Live, texts);
        row["numbers"] = call.Numbers;
        row["selectedPair"] = call.Story.SelectedPair;
        row["notShown"] = call.Story.NotShown;
        row["neighbours"] = call.Neighbours.DeepClone();
        DateTimeOffset?[] times = [call.Record.Attached, call.Record.Offered, call.Record.Connecting, call.Record.Up, call.Live is null ? call.Record.Ended : call.Live.Began];
        row["first"] = RowText.Of(times.Min());
        row["last"] = RowText.Of(call.Live is null ? call.Record.Ended : call.Live.MeasuredAt ?? time.GetUtcNow());
        content.Add("call", row);
        content.Add("troubles", call.Troubles.Select(trouble => (trouble.Id, TroubleRows.Of(trouble, texts))));
        return content;
    }

    /// <summary>The message that shows a call whole.</summary>
    public string TextOf(Call call) => ViewFrame.Text(1, time.GetUtcNow(), isFull: true, writer =>
    {
        ContentOf(call).Write(writer);
        call.Story.Write(writer, all: true);
    });

    private static bool IsOf(Trouble trouble, PeerConnectionRecord record) =>
        trouble.Subject.Emitter == record.Emitter && trouble.Subject.Session == record.Session
        && (trouble.Subject.Handle is null || (trouble.Subject.Handle == record.Handle && (trouble.Subject.Number ?? record.Number) == record.Number));

    private static List<Trouble> Sorted(IEnumerable<Trouble> troubles) => [.. troubles.OrderBy(t => t.Began)];

    private async Task<List<Trouble>> TroublesAsync(PeerConnectionRecord record, CancellationToken cancellationToken)
    {
        Dictionary<string, Trouble> known = new(StringComparer.Ordinal);
        if (troubles is not null)
        {
            TroubleQuery query = new() { SessionId = record.Session, Emitter = record.Emitter ?? "", Limit = MostTroubles };
            await foreach (Trouble trouble in troubles.ReadAsync(query, cancellationToken).ConfigureAwait(false))
            {
                if (IsOf(trouble, record))
                    known[trouble.Id] = trouble;
            }
        }

        MonitorSnapshot snapshot = monitor.Read(MonitorParts.None);
        foreach (Trouble trouble in snapshot.RecentTroubles.Concat(snapshot.Troubles).Where(t => IsOf(t, record)))
            known[trouble.Id] = trouble;
        return Sorted(known.Values);
    }

    // Calls in the same room at the same time, ended or not.
    private async Task<JsonArray> NeighboursAsync(PeerConnectionRecord record, bool isLive, CancellationToken cancellationToken)
    {
        JsonArray neighbours = [];
        if (record.Room is null)
            return neighbours;
        DateTimeOffset from = record.Up ?? record.Offered ?? record.Ended;
        foreach (CallState call in monitor.Read(MonitorParts.Calls).Calls.Where(c => c.Room == record.Room && c.Plugin == record.Plugin && c.Key.Emitter == record.Emitter))
        {
            if (call.Key != RowText.KeyOf(record) && (isLive || call.Began <= record.Ended) && neighbours.Count < MostNeighbours)
                neighbours.Add((JsonNode)Neighbour(call.Key, call.Display, call.Participant));
        }

        if (records is null)
            return neighbours;
        PeerConnectionQuery query = new() { Room = record.Room, Plugin = record.Plugin, Emitter = record.Emitter ?? "", From = from, To = from + s_neighbours, Limit = MostNeighbours };
        await foreach (PeerConnectionRecord other in records.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (RowText.KeyOf(other) != RowText.KeyOf(record) && (isLive || (other.Up ?? other.Ended) <= record.Ended) && neighbours.Count < MostNeighbours)
                neighbours.Add((JsonNode)Neighbour(RowText.KeyOf(other), other.Display, other.Participant));
        }

        return neighbours;
    }

    private JsonObject Neighbour(CallKey key, string? display, string? participant) => new()
    {
        ["display"] = texts.Short(display),
        ["participant"] = texts.Short(participant),
        ["session"] = RowText.Of(key.Session),
        ["handle"] = RowText.Of(key.Handle),
        ["number"] = key.Number,
    };
}

/// <summary>All that is known of a call.</summary>
/// <param name="Record">Its record; of one that has not ended, what it would be.</param>
/// <param name="Live">How it is now; null when it has ended.</param>
/// <param name="Story">What its events tell.</param>
/// <param name="Numbers">How many PeerConnections its handle had.</param>
/// <param name="Troubles">Its troubles, as they began.</param>
/// <param name="Neighbours">Who else was there.</param>
internal sealed record Call(
    PeerConnectionRecord Record,
    CallState? Live,
    CallStory Story,
    int Numbers,
    IReadOnlyList<Trouble> Troubles,
    JsonArray Neighbours);
