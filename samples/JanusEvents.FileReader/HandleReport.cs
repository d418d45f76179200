using System.Globalization;

namespace JanusEvents.FileReader;

/// <summary>
/// A sink that makes a line of each handle: what became of its ICE and DTLS, and the worst of its statistics. The same
/// class works in a host, with <c>AddSink&lt;HandleReport&gt;()</c>.
/// </summary>
internal sealed class HandleReport(TextWriter output) : IEventSink
{
    private readonly Dictionary<(string? Emitter, long? Session, long? Handle), HandleLine> _handles = [];
    private readonly HashSet<string> _seen = [];
    private int _bodies;
    private int _events;
    private int _again;

    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        foreach (ReceivedBody body in batch.Bodies)
        {
            // A body may be a duplicate, here because it was recorded again; its hash shows it.
            if (!_seen.Add(Convert.ToHexString(body.Hash.Span)))
            {
                _again++;
                continue;
            }

            _bodies++;
            _events += body.Events.Count;
            foreach (JanusEvent e in body.Events.Where(e => e.HandleId is not null))
                LineOf(e).Record(e);
        }

        return ValueTask.CompletedTask;
    }

    public void Print()
    {
        foreach (((string? emitter, long? session, long? handle), HandleLine line) in _handles)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{emitter} {session}/{handle}: {line}"));
        string again = _again == 0 ? "" : $", {_again} bodies seen before";
        output.WriteLine($"{_events} events in {_bodies} bodies, {_handles.Count} handles{again}");
    }

    private HandleLine LineOf(JanusEvent e)
    {
        (string?, long?, long?) key = (e.Emitter, e.SessionId, e.HandleId);
        if (!_handles.TryGetValue(key, out HandleLine? line))
            _handles.Add(key, line = new HandleLine());
        return line;
    }
}
