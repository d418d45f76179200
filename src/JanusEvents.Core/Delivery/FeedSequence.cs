namespace JanusEvents.Delivery;

/// <summary>What <c>ReadAsync</c> of the feed gives: each enumeration is a reader, from when it begins.</summary>
internal sealed class FeedSequence(EventFeed feed, Action<long>? missed, CancellationToken cancellation) : IAsyncEnumerable<JanusEvent>
{
    public IAsyncEnumerator<JanusEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        feed.Open(missed, cancellation, cancellationToken);
}
