namespace JanusEvents.Monitoring.Live;

/// <summary>The latest of many changes, without making or sorting the others.</summary>
internal sealed class LatestNews
{
    public const int Most = 20;

    private readonly PriorityQueue<MonitorNews, DateTimeOffset> _latest = new(Most);
    private DateTimeOffset _earliest = DateTimeOffset.MinValue;

    /// <summary>Whether a change of this time is among the latest so far.</summary>
    public bool Takes(DateTimeOffset at) => _latest.Count < Most || at > _earliest;

    public void Add(MonitorNews news)
    {
        if (!Takes(news.At))
            return;
        if (_latest.Count < Most)
            _latest.Enqueue(news, news.At);
        else
            _latest.EnqueueDequeue(news, news.At);
        _earliest = _latest.Peek().At;
    }

    /// <summary>The latest first.</summary>
    public IReadOnlyList<MonitorNews> Read() => [.. _latest.UnorderedItems.Select(item => item.Element).OrderByDescending(news => news.At)];
}
