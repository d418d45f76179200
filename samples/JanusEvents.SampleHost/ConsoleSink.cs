namespace JanusEvents.SampleHost;

/// <summary>
/// Prints what arrives, as a sink of your own would handle it: a line per second and server, and with
/// <c>JanusEvents:Print</c> every event.
/// </summary>
internal sealed class ConsoleSink : IEventSink, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, int>> _counts = [];
    private readonly bool _printsEvents;
    private readonly ITimer _everySecond;

    public ConsoleSink(IConfiguration configuration)
    {
        _printsEvents = configuration.GetValue<bool>("JanusEvents:Print");
        TimeSpan second = TimeSpan.FromSeconds(1);
        _everySecond = TimeProvider.System.CreateTimer(_ => PrintCounts(), null, second, second);
    }

    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        foreach (ReceivedBody body in batch.Bodies)
        {
            // The parts of a combined statistics event share one JSON.
            List<JanusEvent> events = [.. body.Events.Where(e => e is not MediaStatsEvent { Part: > 0 })];
            foreach (JanusEvent e in _printsEvents ? events : [])
                Console.WriteLine(e.Json);

            lock (_gate)
            {
                string server = body.RemoteAddress ?? "unknown";
                if (!_counts.TryGetValue(server, out Dictionary<string, int>? kinds))
                    _counts.Add(server, kinds = []);
                foreach ((JanusEventType type, int count) in events.CountBy(e => e.Type))
                    Add(kinds, $"{type}".ToLowerInvariant(), count);
                if (body.Rejected.Count > 0)
                    Add(kinds, "rejected", body.Rejected.Count);
            }
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _everySecond.DisposeAsync();
        PrintCounts();
    }

    private static void Add(Dictionary<string, int> kinds, string kind, int count) => kinds[kind] = kinds.GetValueOrDefault(kind) + count;

    private void PrintCounts()
    {
        lock (_gate)
        {
            foreach ((string server, Dictionary<string, int> kinds) in _counts)
                Console.WriteLine($"{DateTime.Now:HH:mm:ss} {server}: {string.Join(", ", kinds.Select(kind => $"{kind.Value} {kind.Key}"))}");
            _counts.Clear();
        }
    }
}
