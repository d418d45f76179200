using System.Runtime.CompilerServices;
using JanusEvents.Relational.Reading;

namespace JanusEvents.Relational.Records;

/// <summary>Reads the stored events that the monitoring needs.</summary>
internal sealed class HandleEvents(RelationalEventStore events)
{
    // The kinds that may come without a handle, though they name a session.
    private static readonly IReadOnlyList<Type> s_ofSession = [typeof(SessionEvent), typeof(PluginEvent), typeof(TransportEvent), typeof(UnknownEvent)];

    // How much later an event may have arrived than one that happened after it.
    private static readonly TimeSpan s_disorder = TimeSpan.FromMinutes(1);

    /// <summary>The last events of all servers, in the order of arrival.</summary>
    public async Task<IReadOnlyList<JanusEvent>> LatestAsync(int most, CancellationToken cancellationToken)
    {
        List<JanusEvent> latest = [];
        await foreach (JanusEvent e in events.ReadAsync(new EventQuery { Order = EventOrder.NewestFirst, Limit = most }, cancellationToken).ConfigureAwait(false))
            latest.Add(e);
        latest.Reverse();
        return latest;
    }

    /// <summary>The events of all servers that happened since a time, in the order of arrival.</summary>
    public IAsyncEnumerable<JanusEvent> SinceAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        events.ReadAsync(new EventQuery { From = since }, cancellationToken);

    /// <summary>Whether there are events of a server that happened after a time.</summary>
    public async Task<bool> HasAfterAsync(string? emitter, DateTimeOffset time, CancellationToken cancellationToken)
    {
        // A missing name cannot be asked for.
        EventQuery query = new() { Emitter = emitter is { Length: > 0 } ? emitter : null, From = time.AddMicroseconds(1) };
        await foreach (JanusEvent e in events.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if ((e.Emitter ?? "") == (emitter ?? ""))
                return true;
        }

        return false;
    }

    /// <summary>The events of a handle, and those of its session that have no handle, in the order of their times.</summary>
    public async IAsyncEnumerable<JanusEvent> OfAsync(
        string? emitter,
        long session,
        long handle,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PriorityQueue<JanusEvent, (DateTimeOffset Time, long Place)> waiting = new();
        DateTimeOffset latest = DateTimeOffset.MinValue;
        long place = 0;
        await foreach (JanusEvent e in InOrderOfArrivalAsync(session, handle, cancellationToken).ConfigureAwait(false))
        {
            // Not by the query: names are distinguished here however long they are, and a missing one is a name too.
            if ((e.Emitter ?? "") != (emitter ?? ""))
                continue;

            // One without a time stays where it arrived.
            DateTimeOffset time = e.Timestamp ?? latest;
            latest = time > latest ? time : latest;
            waiting.Enqueue(e, (time, place++));
            while (waiting.TryPeek(out JanusEvent? first, out (DateTimeOffset Time, long) at) && latest - at.Time > s_disorder)
            {
                waiting.Dequeue();
                yield return first;
            }
        }

        while (waiting.TryDequeue(out JanusEvent? last, out _))
            yield return last;
    }

    /// <summary>Merges both by the numbers of their rows.</summary>
    private async IAsyncEnumerable<JanusEvent> InOrderOfArrivalAsync(
        long session,
        long handle,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<(long Number, JanusEvent Event)> ofHandle = events
            .ReadNumberedAsync(new EventQuery { SessionId = session, HandleId = handle }, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (ofHandle.ConfigureAwait(false))
        {
            bool hasMore = await ofHandle.MoveNextAsync().ConfigureAwait(false);
            await foreach ((long number, JanusEvent e) in events
                .ReadNumberedAsync(new EventQuery { SessionId = session, Kinds = s_ofSession }, cancellationToken).ConfigureAwait(false))
            {
                if (e.HandleId is not null)
                    continue;

                for (; hasMore && ofHandle.Current.Number < number; hasMore = await ofHandle.MoveNextAsync().ConfigureAwait(false))
                    yield return ofHandle.Current.Event;
                yield return e;
            }

            for (; hasMore; hasMore = await ofHandle.MoveNextAsync().ConfigureAwait(false))
                yield return ofHandle.Current.Event;
        }
    }
}
