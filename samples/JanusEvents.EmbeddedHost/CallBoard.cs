using System.Collections.Concurrent;

namespace JanusEvents.EmbeddedHost;

/// <summary>The PeerConnections that are up, as far as this process has seen them come and go.</summary>
internal sealed class CallBoard
{
    private readonly ConcurrentDictionary<(string?, long?, long?), Call> _calls = [];

    /// <summary>Those that are up, the oldest first.</summary>
    public IEnumerable<Call> Calls => _calls.Values.OrderBy(call => call.Since);

    // An event may be passed twice, which changes nothing here.
    public ValueTask NoteAsync(JanusEvent e)
    {
        (string?, long?, long?) key = (e.Emitter, e.SessionId, e.HandleId);
        switch (e)
        {
            case ConnectionEvent { State: "webrtcup" }:
                _calls[key] = new Call(e.Emitter, e.SessionId, e.HandleId, e.Timestamp);
                break;
            case ConnectionEvent or HandleEvent { Name: "detached" }:
                _calls.TryRemove(key, out _);
                break;

            // With its session a handle ends without a word.
            case SessionEvent { Name: "destroyed" or "timeout" }:
                RemoveWhere(call => call.Emitter == e.Emitter && call.Session == e.SessionId);
                break;
            case CoreEvent { Status: "started" or "shutdown" }:
                RemoveWhere(call => call.Emitter == e.Emitter);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void RemoveWhere(Func<Call, bool> isOver)
    {
        foreach (((string?, long?, long?) key, Call call) in _calls)
        {
            if (isOver(call))
                _calls.TryRemove(key, out _);
        }
    }
}
