using System.Diagnostics;

namespace JanusEvents.Testing;

/// <summary>
/// Several senders in parallel that behave as Janus's event handler does and post events whose numbers are never used
/// twice, and what became of each.
/// </summary>
public sealed class NumberedLoad
{
    private const long NumbersPerSender = 1_000_000;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<long> _sent = [];
    private readonly List<long> _acknowledged = [];
    private readonly List<long> _lost = [];
    private readonly List<SentBody> _bodies = [];
    private readonly List<TimeSpan> _waits = [];
    private readonly int _padding;
    private readonly Task _running;
    private volatile bool _stopping;

    private NumberedLoad(Uri backend, int senders, int firstSender, JanusSenderOptions options, int padding)
    {
        _padding = padding;
        _running = Task.WhenAll(Enumerable.Range(firstSender, senders).Select(s => Task.Run(() => SendAsync(s, new JanusSender(backend, options)))));
    }

    /// <summary>The numbers that an answer came for.</summary>
    public IReadOnlyList<long> Acknowledged => Read(_acknowledged);

    /// <summary>The numbers that were sent at all.</summary>
    public IReadOnlyList<long> Sent => Read(_sent);

    /// <summary>The numbers that their sender gave up.</summary>
    public IReadOnlyList<long> Lost => Read(_lost);

    /// <summary>What became of the bodies that are through.</summary>
    public IReadOnlyList<SentBody> Bodies => Read(_bodies);

    /// <summary>How long each of these took, with all its attempts.</summary>
    public IReadOnlyList<TimeSpan> Waits => Read(_waits);

    /// <summary>Begins to send.</summary>
    /// <param name="backend">Where to.</param>
    /// <param name="senders">How many servers send.</param>
    /// <param name="firstSender">The number of the first of them; loads with other numbers send other events.</param>
    /// <param name="retransmissions">Janus's <c>max_retransmissions</c>.</param>
    /// <param name="padding">How many bytes each body has beside its numbered events.</param>
    public static NumberedLoad Start(Uri backend, int senders = 4, int firstSender = 1, int retransmissions = 5, int padding = 0) =>
        new(backend, senders, firstSender, new JanusSenderOptions { MaxRetransmissions = retransmissions }, padding);

    /// <summary>The sender of a number.</summary>
    public static long SenderOf(long number) => number / NumbersPerSender;

    /// <summary>Waits until some more bodies are acknowledged.</summary>
    public Task UntilAcknowledgedAsync(int more, Func<string> state)
    {
        int until = Answered() + more;
        return Wait.UntilAsync(() => Answered() >= until, Wait.Limit, $"{more} bodies to be acknowledged", state);

        int Answered()
        {
            lock (_gate)
                return _bodies.Count(b => b.Delivered);
        }
    }

    /// <summary>Ends when each sender is through with the body that it has in hand.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        return _running.WaitAsync(Wait.Limit);
    }

    private async Task SendAsync(int sender, JanusSender janus)
    {
        long next = sender * NumbersPerSender;
        for (int body = 0; !_stopping; body++)
        {
            long[] numbers = [.. Enumerable.Range(0, 1 + (body * 7 % 20)).Select(_ => ++next)];
            lock (_gate)
                _sent.AddRange(numbers);

            long began = Stopwatch.GetTimestamp();
            SentBody sent = await janus.SendAsync(Body(numbers, $"janus-{sender}")).ConfigureAwait(false);
            lock (_gate)
            {
                _bodies.Add(sent);
                _waits.Add(Stopwatch.GetElapsedTime(began));
                (sent.Delivered ? _acknowledged : _lost).AddRange(numbers);
            }

            await Task.Delay(s_pace).ConfigureAwait(false);
        }
    }

    private string Body(long[] numbers, string emitter)
    {
        string json = NumberedBody.Json(numbers, emitter);
        if (_padding == 0)
            return json;

        string data = new('x', _padding);
        return $$$$"""{{{{json[..^1]}}}},{"emitter":"{{{{emitter}}}}","type":128,"timestamp":1,"event":{"transport":"padding","id":"{{{{numbers[0]}}}}","data":{"x":"{{{{data}}}}"}}}]""";
    }

    private T[] Read<T>(List<T> list)
    {
        lock (_gate)
            return [.. list];
    }
}
