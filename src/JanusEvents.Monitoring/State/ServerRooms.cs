using JanusEvents.Rooms;

namespace JanusEvents.Monitoring.State;

/// <summary>
/// The rooms of a server and who is in them, by the facts in its plugins' events. Bounded: what would exceed it is not followed.
/// </summary>
internal sealed class ServerRooms
{
    private const int MaxRooms = 10_000;
    private const int MaxFeeds = 1_000;

    // How long a call may ring, so that the one who accepts it is taken for the one who was called.
    private const long Ringing = 120_000_000;

    private readonly Dictionary<(string Plugin, string Room), Room> _rooms = [];
    private MonitoredHandle? _calling;

    public IEnumerable<Room> All => _rooms.Values;

    public Participant? ParticipantOf(string? plugin, string? room, string participant) =>
        plugin is not null && room is not null && _rooms.TryGetValue((plugin, room), out Room? known)
            ? known.Participants.GetValueOrDefault(participant)
            : null;

    /// <summary>Follows a fact.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="handle">The handle whose event has it; null where it has none.</param>
    /// <param name="at">When, in microseconds since 1970 by the server's clock.</param>
    public void Note(Fact fact, MonitoredHandle? handle, long at)
    {
        bool isOfHandle = fact.OfHandle && handle is not null;
        if (isOfHandle && fact.Room is not null)
        {
            handle!.Room = fact.Room;
            if (fact.What is FactKind.Joined or FactKind.Published && fact.Participant is not null)
                (handle.Participant, handle.LeftAt) = (fact.Participant, 0);
            if (fact.Peer is null)
                handle.Display = fact.Display ?? handle.Display;
        }

        switch (fact.What)
        {
            case FactKind.Registered when isOfHandle:
                handle!.Participant = fact.Participant ?? handle.Participant;
                break;
            case FactKind.Joined or FactKind.Published
                when fact.Participant is not null && RoomOf(fact.Plugin, fact.Room) is { } room && Join(room, fact.Participant, at) is { } there:
                there.Display = fact.Display ?? there.Display;
                there.Handle = isOfHandle ? handle : there.Handle;
                there.IsPublishing |= fact.What == FactKind.Published;
                break;
            case FactKind.Unpublished or FactKind.Left:
                if (fact.Participant is { } who && ParticipantOf(fact.Plugin, fact.Room, who) is { } gone)
                {
                    gone.IsPublishing = false;
                    if (gone.Handle is { LeftAt: 0 } of)
                        of.LeftAt = at;
                    if (gone.Handle is { } left)
                        (left.LastWord, left.LastWordAt) = (fact.Event, at);
                    if (fact.What == FactKind.Left)
                        Remove((fact.Plugin!, fact.Room!), who);
                }

                if (isOfHandle && fact.Participant is null && handle!.LeftAt == 0)
                    handle.LeftAt = at;
                break;
            case FactKind.Emptied when fact.Room is not null && _rooms.Remove((fact.Plugin!, fact.Room), out Room? emptied):
                foreach (Participant participant in emptied.Participants.Values)
                {
                    if (participant.Handle is { LeftAt: 0 } of)
                        of.LeftAt = at;
                }

                break;
            case FactKind.Subscribed when isOfHandle && fact.Peer is not null:
                handle!.Feeds ??= [];
                if (handle.Feeds.Count < MaxFeeds && !handle.Feeds.Contains(fact.Peer))
                    handle.Feeds.Add(fact.Peer);
                break;
            case FactKind.Unsubscribed when isOfHandle:
                if (fact.Peer is null)
                    handle!.Feeds = null;
                else
                    handle!.Feeds?.Remove(fact.Peer);
                break;
            case FactKind.Updated when isOfHandle:
                handle!.Feeds = null;
                break;
        }

        if (fact is { Plugin: JanusPlugins.VideoCall, What: FactKind.Joined } && isOfHandle)
            Pair(handle!, fact.Event, at);
    }

    /// <summary>Puts a handle into the room that it is known to be in.</summary>
    public void Enter(MonitoredHandle handle)
    {
        if (handle.Participant is not null && RoomOf(handle.Plugin, handle.Room) is { } room
            && Join(room, handle.Participant, handle.AttachedAt) is { Handle: null } there)
        {
            (there.Display, there.Handle) = (handle.Display, handle);
        }
    }

    /// <summary>Removes the participant that a handle is.</summary>
    public void Leave(MonitoredHandle handle)
    {
        if (handle is { Plugin: not null, Room: not null, Participant: not null }
            && ParticipantOf(handle.Plugin, handle.Room, handle.Participant) is { } there && there.Handle == handle)
        {
            Remove((handle.Plugin, handle.Room), handle.Participant);
        }
    }

    public void Clear() => _rooms.Clear();

    // The one that is called says so when it accepts; neither names the other. With one caller waiting it is certain.
    private void Pair(MonitoredHandle handle, string? word, long at)
    {
        if (word == "calling")
        {
            _calling = _calling is null || at - _calling.LastWordAt > Ringing || _calling.DetachedAt != 0 ? handle : null;
        }
        else if (_calling is { } caller && caller != handle)
        {
            (caller.Peer, handle.Peer) = (handle, caller);
            _calling = null;
        }
    }

    private Room? RoomOf(string? plugin, string? id)
    {
        if (plugin is null || id is null)
            return null;
        if (_rooms.TryGetValue((plugin, id), out Room? room))
            return room;
        if (_rooms.Count == MaxRooms)
            return null;
        _rooms.Add((plugin, id), room = new Room(plugin, id));
        return room;
    }

    private static Participant? Join(Room room, string participant, long at)
    {
        if (room.Participants.TryGetValue(participant, out Participant? there))
            return there;
        if (room.Participants.Count == Room.MaxParticipants)
            return null;
        room.Participants.Add(participant, there = new Participant(participant, at));
        return there;
    }

    private void Remove((string Plugin, string Room) room, string participant)
    {
        if (_rooms.TryGetValue(room, out Room? known) && known.Participants.Remove(participant) && known.Participants.Count == 0)
            _rooms.Remove(room);
    }
}
