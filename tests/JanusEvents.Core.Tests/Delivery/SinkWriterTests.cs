using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

public sealed class SinkWriterTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [Fact]
    public async Task One_that_fails_beside_its_sink_gives_up_what_it_has_in_hand_and_goes_on()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        PendingBodies pending = new();
        int stored = 0;
        await using SinkWriter writer = new(
            nameof(RecordingSink),
            new RecordingSink(),
            pending,
            body =>
            {
                if (++stored == 1)
                    throw new NotSupportedException("Nobody thought of this.");
                pending.Stored(body);
            },
            new JanusEventsOptions(),
            host.Services.GetRequiredService<SinkRecords>(),
            TimeProvider.System,
            host.Log);

        bool first = await pending.WaitAsync(NumberedBody.Of(1), 1, writer.Enqueue, CancellationToken.None).AsTask().WaitAsync(s_limit);
        bool again = await pending.WaitAsync(NumberedBody.Of(1), 1, writer.Enqueue, CancellationToken.None).AsTask().WaitAsync(s_limit);

        first.Should().BeFalse("its sender must keep it");
        again.Should().BeTrue();
        host.Log.Of(LogLevel.Critical).Should().ContainSingle().Which.Should().Contain("1 unfinished bodies");
    }

    [Fact]
    public async Task A_sender_whose_body_fails_holds_up_nobody_else_and_keeps_its_order()
    {
        SenderSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));
        sink.Refuse("bad");
        Task<bool> bad = host.DeliverAsync(From("bad", 1));
        Task<bool> badToo = host.DeliverAsync(From("bad", 2));
        await Wait.UntilAsync(() => sink.Refusals > 0, s_limit, "it to fail");

        for (int i = 10; i < 40; i++)
            (await host.DeliverAsync(From(i % 2 == 0 ? "one" : "two", i)).WaitAsync(s_limit)).Should().BeTrue();
        bool wasStored = bad.IsCompleted || badToo.IsCompleted;
        Task<bool> badAgain = host.DeliverAsync(From("bad", 3));
        sink.Refuse(null);

        wasStored.Should().BeFalse();
        (await Task.WhenAll(bad, badToo, badAgain).WaitAsync(s_limit)).Should().OnlyContain(stored => stored);
        sink.Numbers.Where(n => n < 10).Should().Equal(1, 2, 3);
        sink.Numbers.Where(n => n >= 10).Should().Equal(Enumerable.Range(10, 30).Select(i => (long)i));
    }

    [Fact]
    public async Task Two_senders_whose_bodies_fail_keep_no_third_from_being_tried()
    {
        SenderSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));
        sink.Refuse("a", "b");
        Task<bool>[] bad = [host.DeliverAsync(From("a", 1)), host.DeliverAsync(From("b", 2))];
        await Wait.UntilAsync(() => sink.Refusals > 1, s_limit, "them to fail");

        (await host.DeliverAsync(From("c", 3)).WaitAsync(s_limit)).Should().BeTrue();

        bad.Should().OnlyContain(t => !t.IsCompleted);
        sink.Refuse(null);
        (await Task.WhenAll(bad).WaitAsync(s_limit)).Should().OnlyContain(stored => stored);
        sink.Numbers.Should().BeEquivalentTo([1L, 2L, 3L]);
    }

    [Fact]
    public async Task A_body_that_is_given_up_closes_its_lane()
    {
        SenderSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));
        sink.Refuse("bad");
        using CancellationTokenSource giveUp = new();
        Task<bool> bad = host.DeliverAsync(From("bad", 1), giveUp.Token);
        await Wait.UntilAsync(() => sink.Refusals > 0, s_limit, "it to fail");
        (await host.DeliverAsync(From("one", 2)).WaitAsync(s_limit)).Should().BeTrue();

        await giveUp.CancelAsync();
        (await bad.WaitAsync(s_limit)).Should().BeFalse();
        sink.Refuse(null);

        (await host.DeliverAsync(From("bad", 3)).WaitAsync(s_limit)).Should().BeTrue();
        sink.Numbers.Should().Equal(2, 3);
        await host.StopAsync().WaitAsync(s_limit);
    }

    private static ReceivedBody From(string emitter, long number)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(NumberedBody.Json([number], emitter));
        return new ReceivedBody(json, new JanusEventParser().Parse(json), DateTimeOffset.UtcNow, "192.0.2.1");
    }

    /// <summary>A sink that fails as long as a batch has a body of certain servers.</summary>
    private sealed class SenderSink : IEventSink
    {
        private readonly Lock _gate = new();
        private readonly List<long> _numbers = [];
        private string[] _refused = [];
        private int _refusals;

        public int Refusals => Volatile.Read(ref _refusals);

        public IReadOnlyList<long> Numbers
        {
            get
            {
                lock (_gate)
                    return [.. _numbers];
            }
        }

        public void Refuse(params string[]? emitters)
        {
            lock (_gate)
                _refused = emitters ?? [];
        }

        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (batch.Any(e => _refused.Contains(e.Emitter)))
                {
                    _refusals++;
                    throw new InvalidOperationException("It has a body that this sink does not take.");
                }

                _numbers.AddRange(batch.Select(e => e.SessionId!.Value));
            }

            return ValueTask.CompletedTask;
        }
    }
}
