using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>Sinks that are not required: they may miss events, and delay nobody.</summary>
public sealed class BestEffortSinkTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly ControlledSink _sink = new();
    private readonly RecordingSink _required = new();

    [Fact]
    public async Task One_that_hangs_delays_no_answer_and_what_does_not_fit_its_queue_is_dropped_and_counted()
    {
        await using DeliveryHost host = await StartAsync(queueBytes: 1000);
        await DeliverAsync(host, NumberedBody.OfSize(1, 400));
        HeldWrite hanging = await _sink.NextAsync();

        foreach ((long number, int size) in new (long, int)[] { (2, 400), (3, 400), (4, 150), (5, 5000) })
            await DeliverAsync(host, NumberedBody.OfSize(number, size));

        host.Dropped.Should().Be(2, "400 bytes are being written and 550 wait; two bodies do not fit beside them");
        _required.Numbers.Should().Equal(1, 2, 3, 4, 5);
        hanging.Store();
        HeldWrite next = await _sink.NextAsync();
        next.Numbers.Should().Equal(2, 4);
        next.Store();
    }

    [Fact]
    public async Task A_single_body_bigger_than_the_queue_is_taken_when_nothing_else_waits()
    {
        await using DeliveryHost host = await StartAsync(queueBytes: 1000);

        await DeliverAsync(host, NumberedBody.OfSize(1, 5000));

        HeldWrite write = await _sink.NextAsync();
        write.Numbers.Should().Equal(1);
        write.Store();
        host.Dropped.Should().Be(0);
    }

    [Fact]
    public async Task What_one_fails_to_store_is_dropped_and_counted_and_the_next_batch_follows()
    {
        await using DeliveryHost host = await StartAsync(queueBytes: 1 << 20);
        await DeliverAsync(host, NumberedBody.Of(1, 2, 3));
        HeldWrite first = await _sink.NextAsync();
        await DeliverAsync(host, NumberedBody.Of(4));

        first.Fail();
        HeldWrite next = await _sink.NextAsync();

        next.Numbers.Should().Equal(4);
        next.Store();
        host.Dropped.Should().Be(3);
    }

    [Fact]
    public async Task It_sees_only_what_the_required_sinks_have_stored()
    {
        ControlledSink required = new();
        RecordingSink notRequired = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(required).AddSink(notRequired, o => o.Required = false));
        using CancellationTokenSource over = new();
        Task<bool> first = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite write = await required.NextAsync();
        await over.CancelAsync();
        await first.WaitAsync(s_limit);
        Task<bool> second = host.DeliverAsync(NumberedBody.Of(2));
        write.Fail();
        (await required.NextAsync()).Store();
        await second.WaitAsync(s_limit);

        await host.StopAsync();

        notRequired.Numbers.Should().Equal(2);
    }

    private Task<DeliveryHost> StartAsync(long queueBytes) => DeliveryHost.StartAsync(
        b => b.AddSink(_required).AddSink(_sink, o => o.Required = false), o => o.BestEffortQueueBytes = queueBytes);

    private static async Task DeliverAsync(DeliveryHost host, ReceivedBody body) =>
        (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();
}
