using System.Text.Json.Nodes;

namespace JanusEvents.Dashboard.Rows;

/// <summary>Rooms as rows, and who is in one: participants, and the matrix of who gets whose media.</summary>
internal sealed class RoomRows(RowTexts texts)
{
    /// <param name="room">The room.</param>
    /// <param name="troubles">Its open troubles.</param>
    public JsonObject Of(RoomState room, IReadOnlyCollection<Trouble> troubles)
    {
        return new JsonObject
        {
            ["emitter"] = room.Emitter,
            ["plugin"] = room.Plugin,
            ["room"] = texts.Short(room.Room),
            ["participants"] = room.Participants.Count,
            ["publishers"] = room.Participants.Count(p => p.IsPublishing),
            ["subscriptions"] = room.Subscriptions.Sum(s => s.Feeds.Count),
            ["since"] = room.Participants.Count == 0 ? null : RowText.Of(room.Participants.Min(p => p.Joined)),
            ["troubles"] = troubles.Count,
            ["severity"] = RowText.Of(troubles.Count == 0 ? null : troubles.Max(t => t.Severity)),
        };
    }

    public IEnumerable<(string Id, JsonObject Row)> Participants(RoomState room, IReadOnlyDictionary<(long Session, long Handle), CallState> calls)
    {
        foreach (ParticipantState participant in room.Participants.OrderByDescending(p => p.IsPublishing).ThenBy(p => p.Joined))
        {
            CallState? call = participant is { Session: { } session, Handle: { } handle } ? calls.GetValueOrDefault((session, handle)) : null;
            yield return (participant.Participant, new JsonObject
            {
                ["participant"] = participant.Participant,
                ["display"] = texts.Short(participant.Display),
                ["joined"] = RowText.Of(participant.Joined),
                ["publishing"] = participant.IsPublishing,
                ["session"] = RowText.Of(participant.Session),
                ["handle"] = RowText.Of(participant.Handle),
                ["number"] = call?.Key.Number,
                ["phase"] = call?.Phase,
                ["rttMs"] = call is null or { RttMs: 0 } ? null : call.RttMs,
                ["media"] = call is null ? new JsonArray() : CallRows.MediaOf(call),
                ["troubles"] = new JsonArray([.. (call?.Troubles ?? []).Distinct().Select(code => (JsonNode)JsonValue.Create(code))]),
                ["severity"] = RowText.Of(call?.Severity),
            });
        }
    }

    public static IEnumerable<(string Id, JsonObject Row)> Cells(RoomState room, IReadOnlyDictionary<(long Session, long Handle), CallState> calls)
    {
        Dictionary<string, bool> isDead = new(StringComparer.Ordinal);
        foreach (ParticipantState publisher in room.Participants.Where(p => p.IsPublishing))
        {
            // A publisher of which nothing arrives is dead for all.
            CallState? call = publisher is { Session: { } session, Handle: { } handle } ? calls.GetValueOrDefault((session, handle)) : null;
            isDead[publisher.Participant] = call is { Media.Count: > 0 } && call.Media.All(m => !m.IsReceiving);
        }

        foreach (SubscriptionState subscription in room.Subscriptions)
        {
            CallState? call = calls.GetValueOrDefault((subscription.Session, subscription.Handle));
            string subscriber = subscription.Participant ?? subscription.OpaqueId ?? RowText.Of(subscription.Handle);
            foreach (string feed in subscription.Feeds)
            {
                string state = isDead.GetValueOrDefault(feed) ? "dead"
                    : call is null or { Up: null } ? "waiting"
                    : subscription.IsPaused || call.Media.All(m => !m.IsSending) ? "stopped" : "flowing";
                yield return ($"{feed}>{subscriber}", new JsonObject
                {
                    ["publisher"] = feed,
                    ["subscriber"] = subscriber,
                    ["session"] = RowText.Of(subscription.Session),
                    ["handle"] = RowText.Of(subscription.Handle),
                    ["number"] = call?.Key.Number,
                    ["state"] = state,
                    ["paused"] = subscription.IsPaused,
                    ["lossOut"] = call is { Media.Count: > 0 } ? RowText.Share(call.Media.Max(m => m.LossOut)) : null,
                });
            }
        }
    }
}
