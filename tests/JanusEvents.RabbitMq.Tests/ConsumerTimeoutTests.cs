using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>A store that is away for longer than the broker waits for an acknowledgement (<c>consumer_timeout</c>).</summary>
public sealed class ConsumerTimeoutTests
{
    private const int TimeoutMs = 3_000;
    private const int Messages = 12;
    private const string GivenBack = "given-back";
    private const string Held = "held";

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task Messages_are_given_back_before_the_broker_closes_the_channel_and_stored_once_and_in_order_even_if_it_does()
    {
        // The broker looks for such consumers once a minute otherwise.
        await using RabbitMqServer server = await RabbitMqServer.StartAsync(
            prepare: _ => [$"consumer_timeout = {TimeoutMs}"], erlangArguments: "-rabbit channel_tick_interval 500");
        OnceStore store = new() { Failure = new IOException("The store is away.") };
        OnceStore other = new() { Failure = store.Failure };
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await using TestHost host = await StartAsync(server, GivenBack, store, TimeSpan.FromSeconds(1));

        // Its messages are held for longer than the broker permits: so it is known that the broker looks.
        await using TestHost late = await StartAsync(server, Held, other, TimeSpan.FromMinutes(5));
        foreach (string queue in new[] { GivenBack, Held })
        {
            await client.UntilCountAsync(queue, 0);
            await client.PublishAsync(queue, Enumerable.Range(1, Messages).Select(n => TestBody.Bytes(queue, n)));
        }

        // The other queue has been waiting for longer.
        await UntilAsync(() => server.Log(0).Contains("has timed out waiting for delivery acknowledgement", StringComparison.Ordinal), "the broker to close the channel");
        await UntilAsync(() => late.Warnings.Contains("PRECONDITION_FAILED - delivery acknowledgement", StringComparison.Ordinal), "the host to report it");
        await client.UntilCountAsync(GivenBack, Messages);
        (store.Failure, other.Failure) = (null, null);

        await UntilAsync(() => store.Numbers.Count >= Messages && other.Numbers.Count >= Messages, "everything to be stored");
        await client.UntilCountAsync(GivenBack, 0);
        await client.UntilCountAsync(Held, 0);
        await host.StopAsync();
        await late.StopAsync();
        (await client.CountAsync(GivenBack)).Should().Be(0, "all are acknowledged");
        (await client.CountAsync(Held)).Should().Be(0, "all are acknowledged");
        store.Numbers.Should().Equal(Enumerable.Range(1, Messages).Select(n => (long)n));
        other.Numbers.Should().Equal(Enumerable.Range(1, Messages).Select(n => (long)n));
        host.Warnings.Should().NotContain("PRECONDITION_FAILED").And.NotContain("cannot be read");

        Task UntilAsync(Func<bool> condition, string what) =>
            Wait.UntilAsync(condition, Wait.Limit, what, () => $"{host.Warnings}\n{late.Warnings}\n{server.Log(0)}");
    }

    private static Task<TestHost> StartAsync(RabbitMqServer server, string queue, OnceStore store, TimeSpan giveBackAfter) =>
        TestHost.StartAsync(builder => builder.AddSink(store).AddRabbitMqReceiver(options =>
            (options.Uri, options.Queue, options.GiveBackAfter) = (server.Uri, queue, giveBackAfter)));
}
