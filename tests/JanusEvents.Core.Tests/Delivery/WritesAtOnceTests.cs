using System.Collections.Concurrent;
using System.Text;
using JanusEvents.Parsing;
using JanusEvents.Sinks;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>A store that can write two batches at the same time, and the order of each server all the same.</summary>
public sealed class WritesAtOnceTests
{
    private const int Many = 150;
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly ControlledSink _sink = new();

    [Fact]
    public async Task What_another_server_sends_is_written_beside_the_first_batch()
    {
        await using DeliveryHost host = await StartAsync(2);
        Task<bool> first = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();

        Task<bool> second = host.DeliverAsync(From("b", 1000));
        HeldWrite two = await _sink.NextAsync();

        two.Store();
        (await second.WaitAsync(s_limit)).Should().BeTrue();
        first.IsCompleted.Should().BeFalse();
        one.Store();
        (await first.WaitAsync(s_limit)).Should().BeTrue();
    }

    [Fact]
    public async Task What_the_same_server_sends_waits_for_what_it_sent_before()
    {
        await using DeliveryHost host = await StartAsync(2);
        Task<bool> first = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();
        Task<bool> second = host.DeliverAsync(From("a", 1000));
        Task<bool> other = host.DeliverAsync(From("b", 2000));

        _sink.Unseen.Should().Be(0);
        one.Store();
        (await first.WaitAsync(s_limit)).Should().BeTrue();

        HeldWrite two = await _sink.NextAsync();
        two.Numbers.Should().Equal([.. Numbers(1000), .. Numbers(2000)]);
        two.Store();
        (await Task.WhenAll(second, other).WaitAsync(s_limit)).Should().OnlyContain(stored => stored);
    }

    [Fact]
    public async Task Few_events_wait_for_the_batch_before_and_are_written_together()
    {
        await using DeliveryHost host = await StartAsync(2);
        _ = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();
        _ = host.DeliverAsync(From("b", 1000, 1));
        _ = host.DeliverAsync(From("c", 2000, 1));

        _sink.Unseen.Should().Be(0);
        one.Store();

        HeldWrite two = await _sink.NextAsync();
        two.Numbers.Should().Equal(1000, 2000);
        two.Store();
    }

    [Fact]
    public async Task Many_small_bodies_are_written_beside_the_first_batch()
    {
        await using DeliveryHost host = await StartAsync(2);
        _ = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();
        for (int i = 0; i < 30; i++)
            _ = host.DeliverAsync(From("b", 1000 + i, 1));

        HeldWrite two = await _sink.NextAsync();

        two.Numbers.Should().HaveCount(30);
        two.Store();
        one.Store();
    }

    [Fact]
    public async Task There_are_not_more_at_the_same_time_than_the_store_takes()
    {
        await using DeliveryHost host = await StartAsync(2);
        _ = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();
        _ = host.DeliverAsync(From("b", 1000));
        HeldWrite two = await _sink.NextAsync();
        _ = host.DeliverAsync(From("c", 2000));

        _sink.Unseen.Should().Be(0);
        two.Store();

        HeldWrite three = await _sink.NextAsync();
        three.Numbers.Should().Equal(Numbers(2000));
        three.Store();
        one.Store();
    }

    [Fact]
    public async Task Other_sinks_get_one_batch_at_a_time()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        _ = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();
        _ = host.DeliverAsync(From("b", 1000));

        _sink.Unseen.Should().Be(0);
        one.Store();
        (await _sink.NextAsync()).Store();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Senders_in_trouble_are_tried_with_the_others_and_never_with_more_writes_than_the_store_takes(int writes)
    {
        const int Senders = 8;
        RefusingStore store = new(writes, triesInVain: 5);
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink(store), options => options.RetryDelay = options.MaxRetryDelay = TimeSpan.FromMilliseconds(1));

        bool[] stored = await Task.WhenAll(Enumerable.Range(0, Senders).Select(i => host.DeliverAsync(From($"{i}", i, 1)))).WaitAsync(s_limit);

        stored.Should().OnlyContain(isStored => isStored);
        store.Tries.Should().BeGreaterThanOrEqualTo(Senders * 5);
        store.MostAtOnce.Should().BeLessThanOrEqualTo(writes);
    }

    [Fact]
    public async Task What_waits_for_a_sender_in_trouble_follows_in_its_lane_and_few_events_of_others_still_go_together()
    {
        await using DeliveryHost host = await StartAsync(3);
        _ = host.DeliverAsync(From("a", 1, 1));
        HeldWrite one = await _sink.NextAsync();
        for (int i = 0; i < 30; i++)
            _ = host.DeliverAsync(From("a", 100 + i, 1));
        one.Fail(new PartlyStoredException([.. one.Batch.Bodies], new InvalidOperationException("The row is held.")));

        // In its lane it has all that waits.
        HeldWrite lane = await _sink.NextAsync();
        lane.Numbers.Should().HaveCount(31);
        _ = host.DeliverAsync(From("b", 1000, 1));
        HeldWrite two = await _sink.NextAsync();
        _ = host.DeliverAsync(From("c", 2000, 1));
        _ = host.DeliverAsync(From("d", 3000, 1));

        _sink.Unseen.Should().Be(0);
        two.Store();
        HeldWrite three = await _sink.NextAsync();
        three.Numbers.Should().Equal(2000, 3000);
        three.Store();
        lane.Store();
    }

    [Fact]
    public async Task Stopping_waits_for_both()
    {
        await using DeliveryHost host = await StartAsync(2);
        Task<bool> first = host.DeliverAsync(From("a", 1));
        HeldWrite one = await _sink.NextAsync();
        Task<bool> second = host.DeliverAsync(From("b", 1000));
        HeldWrite two = await _sink.NextAsync();

        Task stopped = host.StopAsync();
        one.Store();
        stopped.IsCompleted.Should().BeFalse();
        two.Store();

        await stopped.WaitAsync(s_limit);
        (await Task.WhenAll(first, second).WaitAsync(s_limit)).Should().OnlyContain(stored => stored);
    }

    private Task<DeliveryHost> StartAsync(int writes) =>
        DeliveryHost.StartAsync(b => b.AddSink(new Store(_sink, writes)), options => options.RetryDelay = TimeSpan.FromMilliseconds(1));

    private static IEnumerable<long> Numbers(long first, int count = Many) => Enumerable.Range(0, count).Select(i => first + i);

    private static ReceivedBody From(string emitter, long first, int count = Many)
    {
        byte[] json = Encoding.UTF8.GetBytes(NumberedBody.Json(Numbers(first, count), emitter));
        return new ReceivedBody(json, new JanusEventParser().Parse(json), DateTimeOffset.UtcNow, "192.0.2.1");
    }

    private sealed class Store(ControlledSink sink, int writes) : IResumingSink
    {
        public int WritesAtOnce => writes;

        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => sink.WriteAsync(batch, cancellationToken);

        public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken) => ValueTask.FromResult(0L);
    }

    /// <summary>Stores no body at its first tries, and counts how many writes there are at the same time.</summary>
    private sealed class RefusingStore(int writes, int triesInVain) : IResumingSink
    {
        private readonly ConcurrentDictionary<BodyHash, int> _tries = [];
        private int _now;
        private int _most;

        public int WritesAtOnce => writes;

        public int MostAtOnce => _most;

        public int Tries => _tries.Values.Sum();

        public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
        {
            int now = Interlocked.Increment(ref _now);
            InterlockedMax(now);
            await Task.Delay(2, CancellationToken.None);
            Interlocked.Decrement(ref _now);
            ReceivedBody[] refused = [.. batch.Bodies.Where(body => _tries.AddOrUpdate(BodyHash.Of(body), 1, (_, tries) => tries + 1) <= triesInVain)];
            if (refused.Length > 0)
                throw new PartlyStoredException(refused, new InvalidOperationException("Refused."));
        }

        public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken) => ValueTask.FromResult(0L);

        private void InterlockedMax(int now)
        {
            for (int most = _most; now > most; most = _most)
                Interlocked.CompareExchange(ref _most, now, most);
        }
    }
}
