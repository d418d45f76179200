using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.Extensions.Options;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>A body that nobody will send again.</summary>
public sealed class RepeatedDeliveryTests
{
    private readonly TestTime _time = new();

    [Fact]
    public async Task It_is_tried_until_it_is_stored_whatever_a_try_throws()
    {
        InvalidOperationException failure = new("The first try.");
        Queue<Func<DeliveryResult>> tries = new([() => throw failure, () => DeliveryResult.NotStored, () => DeliveryResult.Duplicate]);
        List<Exception> failed = [];

        bool stored = await Delivery(_ => tries.Dequeue()()).DeliverAsync(NumberedBody.Of(1), failed.Add, CancellationToken.None);

        stored.Should().BeTrue();
        tries.Should().BeEmpty();
        failed.Should().Equal(failure);
        _time.Waits.Should().HaveCount(2).And.BeInAscendingOrder();
    }

    [Fact]
    public async Task It_is_tried_once_more_never_when_it_was_given_up()
    {
        using CancellationTokenSource givenUp = new();
        int tries = 0;

        bool stored = await Delivery(token =>
        {
            tries++;
            givenUp.Cancel();
            return DeliveryResult.NotStored;
        }).DeliverAsync(NumberedBody.Of(1), _ => { }, givenUp.Token);

        stored.Should().BeFalse();
        tries.Should().Be(1);
    }

    private RepeatedDelivery Delivery(Func<CancellationToken, DeliveryResult> answer) => new(new Answering(answer), Options.Create(new JanusEventsOptions()), _time);

    private sealed class Answering(Func<CancellationToken, DeliveryResult> answer) : IBodyDelivery
    {
        public ValueTask<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken cancellationToken) => new(answer(cancellationToken));
    }
}
