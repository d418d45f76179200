using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>Removes from a batch what a sink must not get.</summary>
/// <param name="sink">How messages call the sink.</param>
/// <param name="takes">Whether the sink gets an event. Where it throws, the sink gets it.</param>
/// <param name="wholeEvents">
/// Whether the parts of a combined statistics event stay together, all of them where one is taken: a store gives them
/// back as the one event that they were.
/// </param>
/// <param name="logger">Where the first failure is reported.</param>
internal sealed class SinkFilter(string sink, Func<JanusEvent, bool> takes, bool wholeEvents, ILogger logger)
{
    private bool _failed;

    /// <summary>The batch without what the sink is not to get; the same batch where it gets everything.</summary>
    public EventBatch Apply(EventBatch batch)
    {
        ReceivedBody[]? bodies = null;
        for (int i = 0; i < batch.Bodies.Count; i++)
        {
            ReceivedBody body = batch.Bodies[i];
            if (Taken(body.Events) is { } events)
                (bodies ??= [.. batch.Bodies])[i] = body.With(events);
        }

        return bodies is null ? batch : new EventBatch(bodies) { Position = batch.Position };
    }

    /// <summary>The events that the sink gets, or null where these are all.</summary>
    private List<JanusEvent>? Taken(IReadOnlyList<JanusEvent> events)
    {
        List<JanusEvent>? taken = null;
        for (int first = 0, next; first < events.Count; first = next)
        {
            next = wholeEvents ? EndOfParts(events, first) : first + 1;
            bool takesIt = false;
            for (int i = first; i < next && !takesIt; i++)
                takesIt = Takes(events[i]);

            if (!takesIt)
                taken ??= [.. events.Take(first)];
            for (int i = first; i < next && takesIt; i++)
                taken?.Add(events[i]);
        }

        return taken;
    }

    private static int EndOfParts(IReadOnlyList<JanusEvent> events, int first)
    {
        int next = first + 1;
        if (events[first] is MediaStatsEvent { Part: not null })
        {
            while (next < events.Count && events[next] is MediaStatsEvent { Part: > 0 })
                next++;
        }

        return next;
    }

    private bool Takes(JanusEvent e)
    {
        try
        {
            return takes(e);
        }
#pragma warning disable CA1031 // Whatever is wrong with the filter, no event may be lost by it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_failed)
                DeliveryLog.FilterFailed(logger, exception, sink);
            _failed = true;
            return true;
        }
    }
}

/// <summary>A sink that gets only what its filter takes.</summary>
internal sealed class FilteredSink(IEventSink sink, SinkFilter filter) : IEventSink
{
    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        EventBatch taken = filter.Apply(batch);
        return taken.Count == 0 && taken.Bodies.All(body => body.Rejected.Count == 0)
            ? ValueTask.CompletedTask
            : sink.WriteAsync(taken, cancellationToken);
    }
}

/// <summary>
/// A store that gets only what its filter takes. It is asked to store every batch all the same: it keeps the hashes of
/// the bodies and the place in the spool.
/// </summary>
internal sealed class FilteredResumingSink(IResumingSink sink, SinkFilter filter) : IResumingSink
{
    public int WritesAtOnce => sink.WritesAtOnce;

    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) =>
        sink.WriteAsync(filter.Apply(batch), cancellationToken);

    public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken) =>
        sink.ReadPositionAsync(spool, cancellationToken);
}
