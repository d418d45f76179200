using System.Text.Json.Nodes;

namespace JanusEvents.Dashboard.Streams;

/// <summary>
/// The log for pages that cannot hold a stream open: the last events, kept as long as somebody asks for them, each with a number.
/// </summary>
internal sealed class PolledLog(IJanusEventFeed feed, LogStream log, TimeProvider time, CancellationToken stopping)
{
    private const int MostKept = 2_000;
    private const int MostAnswered = 100;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, JanusEvent Event)> _events = new();
    private DateTimeOffset _askedAt;
    private Task? _reading;
    private long _number;

    /// <summary>The events after a number, the oldest first.</summary>
    /// <param name="after">The number of the last event that the page has; 0 for none.</param>
    /// <param name="types">The types that are wanted, as bits.</param>
    /// <param name="text">What an event must contain; null for all.</param>
    public JsonObject Read(long after, int types, string? text)
    {
        List<(long Number, JanusEvent Event)> found = [];
        long missed = 0;
        lock (_gate)
        {
            _askedAt = time.GetUtcNow();
            if (_reading is null or { IsCompleted: true })
                _reading = KeepAsync();

            // Of a host that has begun anew, the numbers begin anew.
            if (after > _number)
                after = 0;
            if (after > 0 && _events.TryPeek(out (long Number, JanusEvent Event) oldest) && oldest.Number > after + 1)
                missed = oldest.Number - after - 1;
            found.AddRange(_events.Where(kept => kept.Number > after && LogStream.IsWanted(kept.Event, types, text)));
        }

        missed += Math.Max(0, found.Count - MostAnswered);
        return new JsonObject
        {
            ["events"] = new JsonArray([.. found.TakeLast(MostAnswered).Select(kept => (JsonNode)log.Row(kept.Event, kept.Number))]),
            ["missed"] = missed,
        };
    }

    private async Task KeepAsync()
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using ITimer timer = time.CreateTimer(_ => EndWhenIdle(end), null, s_idle, s_idle);
        try
        {
            await foreach (JanusEvent e in feed.ReadAsync(end.Token).ConfigureAwait(false))
            {
                lock (_gate)
                {
                    _events.Enqueue((++_number, e));
                    if (_events.Count > MostKept)
                        _events.Dequeue();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody asks any more.
        }

        lock (_gate)
            _events.Clear();
    }

    private void EndWhenIdle(CancellationTokenSource end)
    {
        lock (_gate)
        {
            if (time.GetUtcNow() - _askedAt < s_idle)
                return;
        }

        end.Cancel();
    }
}
