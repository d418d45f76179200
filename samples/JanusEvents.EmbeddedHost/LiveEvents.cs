using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace JanusEvents.EmbeddedHost;

/// <summary>The live feed as server-sent events: each event's JSON, and <c>missed</c> with a number where there is a gap.</summary>
internal static class LiveEvents
{
    public static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        IJanusEventFeed feed,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long missed = 0;
        await using IAsyncEnumerator<JanusEvent> events =
            feed.ReadAsync(count => missed = count, cancellationToken).GetAsyncEnumerator(cancellationToken);

        // Sent at once, so that the page knows that it listens.
        yield return new SseItem<string>("", "listening");
        while (await events.MoveNextAsync())
        {
            if (missed > 0)
                yield return new SseItem<string>(missed.ToString(CultureInfo.InvariantCulture), "missed");
            missed = 0;

            // The parts of a combined statistics event share one JSON.
            if (events.Current is not MediaStatsEvent { Part: > 0 })
                yield return new SseItem<string>(events.Current.Json.ToCompactString());
        }
    }
}
