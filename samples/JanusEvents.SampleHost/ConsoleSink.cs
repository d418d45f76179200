namespace JanusEvents.SampleHost;

/// <summary>
/// Prints what comes in: a line for each POST and, with <c>JanusEvents:Print</c>, every event. A sink like any of your
/// own.
/// </summary>
internal sealed class ConsoleSink : IEventSink, IAsyncDisposable
{
    private readonly PostLines _posts = new(TimeProvider.System);
    private readonly bool _printEvents;
    private readonly ITimer _everySecond;

    public ConsoleSink(IConfiguration configuration)
    {
        string print = configuration["JanusEvents:Print"] is { Length: > 0 } set ? set : bool.FalseString;
        if (!bool.TryParse(print, out _printEvents))
            throw new SettingsException($"JanusEvents:Print is \"{print}\"; it must be true or false.");

        TimeSpan second = TimeSpan.FromSeconds(1);
        _everySecond = TimeProvider.System.CreateTimer(_ => Print(_posts.EndSecond()), null, second, second);
    }

    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        foreach (ReceivedBody body in batch.Bodies)
        {
            Print(_posts.Add(body));
            if (!_printEvents)
                continue;

            // The parts of a combined statistics event share one JSON.
            foreach (JanusEvent e in body.Events.Where(e => e is not MediaStatsEvent { Part: > 0 }))
                Print(e.Json.ToString());
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _everySecond.DisposeAsync();
        Print(_posts.EndSecond());
    }

    private static void Print(string? line)
    {
        if (line is not null)
            Console.WriteLine(line);
    }
}
