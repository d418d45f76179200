using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>Acknowledge after commit: when a body is answered, what becomes one batch, and what happens when a sink fails.</summary>
public sealed class CommitDeliveryTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly ControlledSink _sink = new();

    [Fact]
    public async Task A_body_is_acknowledged_only_after_every_required_sink_has_stored_it()
    {
        ControlledSink other = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink).AddSink(other));
        Task<bool> first = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite held = await other.NextAsync();
        (await _sink.NextAsync()).Store();
        Task<bool> second = host.DeliverAsync(NumberedBody.Of(2));

        HeldWrite next = await _sink.NextAsync();

        first.IsCompleted.Should().BeFalse("one sink has gone on to the next body, the other still writes the first");
        held.Store();
        (await first.WaitAsync(s_limit)).Should().BeTrue();
        second.IsCompleted.Should().BeFalse();
        next.Store();
        (await other.NextAsync()).Store();
        (await second.WaitAsync(s_limit)).Should().BeTrue();
    }

    [Fact]
    public async Task What_piles_up_during_a_write_becomes_one_batch_in_the_order_of_arrival()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        List<Task<bool>> answers = [host.DeliverAsync(NumberedBody.Of(1))];
        HeldWrite first = await _sink.NextAsync();
        answers.AddRange(new long[] { 7, 3, 9, 2 }.Select(n => host.DeliverAsync(NumberedBody.Of(n))));

        first.Store();
        HeldWrite second = await _sink.NextAsync();

        first.Numbers.Should().Equal(1);
        second.Numbers.Should().Equal(7, 3, 9, 2);
        second.Batch.Bodies.Select(b => b.Sequence).Should().Equal(2, 3, 4, 5);
        second.Store();
        (await Task.WhenAll(answers).WaitAsync(s_limit)).Should().OnlyContain(stored => stored);
    }

    [Fact]
    public async Task A_batch_keeps_to_the_number_of_events_and_never_divides_a_body()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink), o => o.MaxBatchEvents = 3);
        _ = host.DeliverAsync(NumberedBody.Of(0));
        HeldWrite write = await _sink.NextAsync();
        long[][] bodies = [[1, 2], [3], [4], [5, 6, 7, 8, 9], [10, 11], [12, 13]];
        foreach (long[] numbers in bodies)
            _ = host.DeliverAsync(NumberedBody.Of(numbers));

        List<string> batches = [];
        while (batches.Count < 5)
        {
            write.Store();
            write = await _sink.NextAsync();
            batches.Add(string.Join(' ', write.Numbers));
        }

        write.Store();
        batches.Should().Equal("1 2 3", "4", "5 6 7 8 9", "10 11", "12 13");
    }

    [Fact]
    public async Task A_batch_keeps_to_the_number_of_bytes()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink), o => o.MaxBatchBytes = 1000);
        _ = host.DeliverAsync(NumberedBody.Of(0));
        HeldWrite write = await _sink.NextAsync();
        foreach ((long number, int size) in new (long, int)[] { (1, 400), (2, 600), (3, 200), (4, 5000), (5, 200) })
            _ = host.DeliverAsync(NumberedBody.OfSize(number, size));

        List<string> batches = [];
        while (batches.Count < 4)
        {
            write.Store();
            write = await _sink.NextAsync();
            batches.Add(string.Join(' ', write.Numbers));
        }

        write.Store();
        batches.Should().Equal("1 2", "3", "4", "5");
    }

    [Fact]
    public async Task A_body_that_comes_again_while_it_is_written_or_waits_joins_the_attempt_in_progress()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        Task<bool> written = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite first = await _sink.NextAsync();
        Task<bool> writtenAgain = host.DeliverAsync(NumberedBody.Of(1));
        Task<bool> waiting = host.DeliverAsync(NumberedBody.Of(2));
        Task<bool> waitingAgain = host.DeliverAsync(NumberedBody.Of(2));

        first.Store();
        HeldWrite second = await _sink.NextAsync();
        (await Task.WhenAll(written, writtenAgain).WaitAsync(s_limit)).Should().Equal(true, true);

        second.Numbers.Should().Equal(2);
        second.Store();
        (await Task.WhenAll(waiting, waitingAgain).WaitAsync(s_limit)).Should().Equal(true, true);
        await host.StopAsync();
        _sink.Unseen.Should().Be(0, "nothing was written twice");
    }

    [Fact]
    public async Task A_body_that_comes_again_after_it_was_stored_goes_to_the_sink_which_knows_it()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite first = await _sink.NextAsync();
        first.Store();
        await answer.WaitAsync(s_limit);

        Task<bool> again = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite second = await _sink.NextAsync();

        second.Batch.Bodies[0].Hash.ToArray().Should().Equal(first.Batch.Bodies[0].Hash.ToArray());
        second.Store();
        (await again.WaitAsync(s_limit)).Should().BeTrue();
    }

    [Fact]
    public async Task A_sink_that_fails_gets_the_same_bodies_again_after_growing_waits()
    {
        TestTime time = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink), time: time);
        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1, 2));
        HeldWrite write = await _sink.NextAsync();
        Task<bool> later = host.DeliverAsync(NumberedBody.Of(3));
        for (int i = 0; i < 6; i++)
        {
            write.Fail();
            write = await _sink.NextAsync();
            write.Numbers.Should().Equal(1, 2);
        }

        time.Waits.Zip([100.0, 200, 400, 800, 1000, 1000]).Should().HaveCount(6)
            .And.OnlyContain(w => w.First.TotalMilliseconds >= 0.8 * w.Second && w.First.TotalMilliseconds <= Math.Min(1.2 * w.Second, 1000));
        answer.IsCompleted.Should().BeFalse();
        write.Store();
        (await answer.WaitAsync(s_limit)).Should().BeTrue();

        HeldWrite next = await _sink.NextAsync();
        next.Numbers.Should().Equal(3);
        next.Fail();
        (await _sink.NextAsync()).Store();
        (await later.WaitAsync(s_limit)).Should().BeTrue();
        time.Waits[^1].TotalMilliseconds.Should().BeInRange(80, 120, "a success ends the growing");
        host.Log.Of(Microsoft.Extensions.Logging.LogLevel.Warning).Should().HaveCount(2, "a line when it begins").And.OnlyContain(line => line.Contains(nameof(ControlledSink)));
    }

    [Fact]
    public async Task A_cancellation_that_a_sink_makes_up_is_a_failure_like_any_other()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1));

        (await _sink.NextAsync()).Fail(new OperationCanceledException("A time-out of the driver."));
        (await _sink.NextAsync()).Store();

        (await answer.WaitAsync(s_limit)).Should().BeTrue();
    }

    [Fact]
    public async Task A_body_that_nobody_waits_for_any_more_is_dropped_before_the_next_try()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        using CancellationTokenSource over = new();
        Task<bool> given = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite first = await _sink.NextAsync();
        Task<bool> gone = host.DeliverAsync(NumberedBody.Of(2), over.Token);
        Task<bool> kept = host.DeliverAsync(NumberedBody.Of(3));

        await over.CancelAsync();
        (await Task.WhenAll(given, gone).WaitAsync(s_limit)).Should().Equal(false, false);
        first.Fail();
        HeldWrite second = await _sink.NextAsync();

        second.Numbers.Should().Equal(3);
        second.Store();
        (await kept.WaitAsync(s_limit)).Should().BeTrue();

        Task<bool> again = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite third = await _sink.NextAsync();
        third.Numbers.Should().Equal(1);
        third.Store();
        (await again.WaitAsync(s_limit)).Should().BeTrue("a body that was dropped may come again");
    }

    [Fact]
    public async Task A_write_goes_on_when_nobody_waits_any_more_and_a_retry_joins_it()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        using CancellationTokenSource over = new();
        Task<bool> given = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite write = await _sink.NextAsync();
        await over.CancelAsync();
        (await given.WaitAsync(s_limit)).Should().BeFalse();

        Task<bool> retry = host.DeliverAsync(NumberedBody.Of(1));

        write.CancellationToken.IsCancellationRequested.Should().BeFalse();
        write.Store();
        (await retry.WaitAsync(s_limit)).Should().BeTrue();
        await host.StopAsync();
        _sink.Unseen.Should().Be(0);
    }

    [Fact]
    public async Task A_retry_keeps_a_body_whose_first_request_is_over()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        using CancellationTokenSource over = new();
        Task<bool> given = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite first = await _sink.NextAsync();
        Task<bool> retry = host.DeliverAsync(NumberedBody.Of(1));
        await over.CancelAsync();
        await given.WaitAsync(s_limit);

        first.Fail();
        HeldWrite second = await _sink.NextAsync();

        second.Numbers.Should().Equal(1);
        second.Store();
        (await retry.WaitAsync(s_limit)).Should().BeTrue();
    }

    [Fact]
    public async Task Of_two_sinks_one_that_fails_does_not_keep_the_other_from_storing()
    {
        RecordingSink works = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink).AddSink(works));
        using CancellationTokenSource over = new();
        Task<bool> first = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite write = await _sink.NextAsync();
        Task<bool> second = host.DeliverAsync(NumberedBody.Of(2));
        await Wait.UntilAsync(() => works.Numbers.Count == 2, s_limit, "the working sink to store both bodies");

        await over.CancelAsync();
        (await first.WaitAsync(s_limit)).Should().BeFalse("one sink has not stored it");
        write.Fail();
        HeldWrite next = await _sink.NextAsync();
        next.Numbers.Should().Equal(2);
        next.Store();
        (await second.WaitAsync(s_limit)).Should().BeTrue();

        Task<bool> retry = host.DeliverAsync(NumberedBody.Of(1));
        (await _sink.NextAsync()).Store();
        (await retry.WaitAsync(s_limit)).Should().BeTrue();
        works.Numbers.Should().Equal([1, 2, 1], "it sees a body again that the other sink did not store");
    }

    [Fact]
    public async Task Without_a_required_sink_a_body_is_acknowledged_at_once()
    {
        RecordingSink notRequired = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(notRequired, o => o.Required = false));

        (await host.DeliverAsync(NumberedBody.Of(1)).WaitAsync(s_limit)).Should().BeTrue();

        await Wait.UntilAsync(() => notRequired.Numbers.Count == 1, s_limit, "the body to reach the sink");
    }
}
