using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>What a receiver of a host's own learns about a body that it delivered.</summary>
public sealed class DeliveryResultTests
{
    [Fact]
    public async Task A_new_body_is_stored_and_its_retransmission_a_duplicate()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink((_, _) => ValueTask.CompletedTask));

        (await DeliverAsync(host, NumberedBody.Of(1))).Should().Be(DeliveryResult.Stored);
        (await DeliverAsync(host, NumberedBody.Of(1))).Should().Be(DeliveryResult.Duplicate);
        (await DeliverAsync(host, NumberedBody.Of(2))).Should().Be(DeliveryResult.Stored);
    }

    [Fact]
    public async Task A_retransmission_that_joins_the_write_in_progress_is_a_duplicate()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));

        Task<DeliveryResult> first = DeliverAsync(host, NumberedBody.Of(1));
        HeldWrite write = await sink.NextAsync();
        Task<DeliveryResult> second = DeliverAsync(host, NumberedBody.Of(1));
        write.Store();

        (await Task.WhenAll(first, second)).Should().Equal(DeliveryResult.Stored, DeliveryResult.Duplicate);
    }

    [Fact]
    public async Task A_body_whose_sender_gave_up_is_not_stored()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));
        using CancellationTokenSource giveUp = new();

        Task<DeliveryResult> result = DeliverAsync(host, NumberedBody.Of(1), giveUp.Token);
        HeldWrite write = await sink.NextAsync();
        await giveUp.CancelAsync();

        (await result).Should().Be(DeliveryResult.NotStored);
        write.Fail();
    }

    private static Task<DeliveryResult> DeliverAsync(DeliveryHost host, ReceivedBody body, CancellationToken cancellationToken = default) =>
        host.Services.GetRequiredService<IBodyDelivery>().DeliverAsync(body, cancellationToken).AsTask();
}
