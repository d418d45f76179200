using JanusEvents.Delivery;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>The bodies that are being stored, and those who wait for them.</summary>
public sealed class PendingBodiesTests
{
    private readonly PendingBodies _bodies = new();
    private readonly List<PendingBody> _begun = [];

    [Fact]
    public async Task A_retransmitted_body_joins_the_attempt_in_progress()
    {
        Task<bool> first = WaitAsync(Body(1));
        Task<bool> second = WaitAsync(Body(1));
        Task<bool> other = WaitAsync(Body(2));

        _begun.Select(pending => pending.Body.Sequence).Should().Equal(1, 2);
        _bodies.Stored(_begun[0]);

        (await first).Should().BeTrue();
        (await second).Should().BeTrue();
        other.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_body_is_stored_once_every_store_has_it_and_others_know_before_its_waiters()
    {
        bool answered = true;
        Task<bool> waiting = WaitAsync(Body(1), stores: 2);

        _bodies.Stored(_begun[0], _ => throw new InvalidOperationException("not the last"));
        waiting.IsCompleted.Should().BeFalse();
        _bodies.Stored(_begun[0], _ => answered = waiting.IsCompleted);

        (await waiting).Should().BeTrue();
        answered.Should().BeFalse();
    }

    [Fact]
    public async Task A_body_that_nobody_waits_for_is_dropped_and_a_later_transmission_begins_anew()
    {
        using CancellationTokenSource givingUp = new();
        Task<bool> waiting = WaitAsync(Body(1), giveUp: givingUp.Token);
        _bodies.IsWanted(_begun[0]).Should().BeTrue();

        await givingUp.CancelAsync();
        (await waiting).Should().BeFalse();
        _bodies.IsWanted(_begun[0]).Should().BeFalse();
        Task<bool> again = WaitAsync(Body(1));

        _begun.Should().HaveCount(2);
        _bodies.Stored(_begun[0]);
        again.IsCompleted.Should().BeFalse("the dropped attempt is another one");
        _bodies.Stored(_begun[1]);
        (await again).Should().BeTrue();
    }

    [Fact]
    public async Task A_body_that_was_stored_is_no_longer_in_progress_and_a_retransmission_begins_anew()
    {
        Task<bool> waiting = WaitAsync(Body(1));
        _bodies.Stored(_begun[0]);
        (await waiting).Should().BeTrue();

        Task<bool> again = WaitAsync(Body(1));

        _begun.Select(pending => pending.Body.Sequence).Should().Equal(1, 2);
        again.IsCompleted.Should().BeFalse();
        _bodies.Stored(_begun[1]);
        (await again).Should().BeTrue();
    }

    [Fact]
    public void Closing_while_nobody_waits_is_the_end()
    {
        _bodies.NobodyWaits.IsCompleted.Should().BeFalse();

        _bodies.Close();

        _bodies.NobodyWaits.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task Who_waits_for_a_body_that_is_given_up_gets_not_stored()
    {
        Task<bool> waiting = WaitAsync(Body(1));

        _bodies.GiveUp(_begun[0]);

        (await waiting).Should().BeFalse();
    }

    [Fact]
    public async Task After_closing_nothing_is_taken_and_the_end_waits_for_the_last_waiter()
    {
        Task<bool> waiting = WaitAsync(Body(1));
        _bodies.Close();

        (await WaitAsync(Body(2))).Should().BeFalse();
        _begun.Should().ContainSingle();
        _bodies.NobodyWaits.IsCompleted.Should().BeFalse();
        _bodies.Stored(_begun[0]);

        (await waiting).Should().BeTrue();
        await _bodies.NobodyWaits.WaitAsync(Wait.Limit, TestContext.Current.CancellationToken);
    }

    private Task<bool> WaitAsync(ReceivedBody body, int stores = 1, CancellationToken giveUp = default) =>
        _bodies.WaitAsync(body, stores, _begun.Add, giveUp).AsTask();

    private static ReceivedBody Body(int session)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$$"""{"type":1,"timestamp":1,"session_id":{{{session}}},"event":{"name":"created"}}""");
        return new ReceivedBody(json, new JanusEventParser().Parse(json), DateTimeOffset.UnixEpoch, remoteAddress: null);
    }
}
