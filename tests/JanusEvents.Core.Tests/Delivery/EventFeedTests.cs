using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>The live feed: events as they are stored, for readers who may come, go, and be slow.</summary>
public sealed class EventFeedTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [Fact]
    public async Task A_reader_gets_what_is_stored_from_the_beginning_of_its_enumeration_on()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        await DeliverAsync(host, NumberedBody.Of(1));
        await using IAsyncEnumerator<JanusEvent> reader = Feed(host).ReadAsync().GetAsyncEnumerator();
        await DeliverAsync(host, NumberedBody.Of(2, 3));
        Task<long> next = NextAsync(reader, 3);
        await DeliverAsync(host, NumberedBody.Of(4));

        (await next).Should().Be(4);
    }

    [Fact]
    public async Task An_event_is_seen_only_once_every_required_sink_has_it()
    {
        ControlledSink slow = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(slow).AddSink(new RecordingSink()));
        await using IAsyncEnumerator<JanusEvent> reader = Feed(host).ReadAsync().GetAsyncEnumerator();
        using CancellationTokenSource over = new();
        Task<bool> first = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite write = await slow.NextAsync();
        await over.CancelAsync();
        await first.WaitAsync(s_limit);
        Task<bool> second = host.DeliverAsync(NumberedBody.Of(2));
        write.Fail();
        (await slow.NextAsync()).Store();
        await second.WaitAsync(s_limit);

        (await NextAsync(reader)).Should().Be(2, "nobody stored the first");
    }

    [Fact]
    public async Task Readers_are_independent_and_each_enumeration_is_one()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        IAsyncEnumerable<JanusEvent> events = Feed(host).ReadAsync();
        await using IAsyncEnumerator<JanusEvent> one = events.GetAsyncEnumerator();
        await DeliverAsync(host, NumberedBody.Of(1));
        await using IAsyncEnumerator<JanusEvent> other = events.GetAsyncEnumerator();
        await DeliverAsync(host, NumberedBody.Of(2));

        (await NextAsync(one, 2)).Should().Be(2);
        (await NextAsync(other)).Should().Be(2);
    }

    [Fact]
    public async Task A_slow_reader_delays_nobody_is_told_what_it_missed_and_goes_on_with_the_newest()
    {
        List<string> seen = [];
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink(new RecordingSink()), o => o.BestEffortQueueBytes = 1000);
        await using IAsyncEnumerator<JanusEvent> slow = Feed(host).ReadAsync(missed => seen.Add($"missed {missed}")).GetAsyncEnumerator();
        await DeliverAsync(host, NumberedBody.OfSize(1, 400));
        seen.Add($"{await NextAsync(slow)}");

        for (int number = 2; number <= 9; number++)
            await DeliverAsync(host, NumberedBody.OfSize(number, 400));
        for (int events = 0; events < 2; events++)
            seen.Add($"{await NextAsync(slow)}");
        await DeliverAsync(host, NumberedBody.OfSize(10, 400));
        seen.Add($"{await NextAsync(slow)}");

        seen.Should().Equal(["1", "missed 6", "8", "9", "10"], "two bodies fit at a time");
        host.Log.Of(LogLevel.Warning).Should().ContainSingle("it is said once for a reader").Which.Should().Contain("missed 2 events");
    }

    [Fact]
    public async Task A_single_body_bigger_than_the_queue_is_seen()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink(new RecordingSink()), o => o.BestEffortQueueBytes = 1000);
        await using IAsyncEnumerator<JanusEvent> reader = Feed(host).ReadAsync().GetAsyncEnumerator();

        await DeliverAsync(host, NumberedBody.OfSize(1, 5000));

        (await NextAsync(reader)).Should().Be(1);
    }

    [Fact]
    public async Task Cancelling_ends_a_reader_and_forgets_it()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        EventFeed feed = host.Services.GetRequiredService<EventFeed>();
        using CancellationTokenSource first = new(), second = new();
        foreach (CancellationTokenSource end in new[] { first, second })
        {
            Func<Task> reading = async () =>
            {
                await foreach (JanusEvent e in feed.ReadAsync(first.Token).WithCancellation(second.Token))
                    e.Should().BeNull("nothing is delivered");
            };
            Task read = reading();
            feed.Readers.Should().Be(end == first ? 1 : 0, "the second begins when it is cancelled already");
            await end.CancelAsync();
            await FluentActions.Awaiting(() => read.WaitAsync(s_limit)).Should().ThrowAsync<OperationCanceledException>();
            feed.Readers.Should().Be(0);
        }
    }

    [Fact]
    public async Task Breaking_off_forgets_a_reader()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        EventFeed feed = host.Services.GetRequiredService<EventFeed>();
        Task read = ReadOneAsync();
        await DeliverAsync(host, NumberedBody.Of(1, 2));

        await read.WaitAsync(s_limit);

        feed.Readers.Should().Be(0);

        async Task ReadOneAsync()
        {
            await foreach (JanusEvent e in feed.ReadAsync())
                break;
        }
    }

    [Fact]
    public async Task A_stopping_host_ends_the_readers_before_it_waits_for_its_services()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddJanusEvents().AddSink(new RecordingSink());
        builder.Services.AddHostedService<ReaderThatEndsByItself>();
        using IHost host = builder.Build();
        await host.StartAsync();

        await host.StopAsync().WaitAsync(s_limit);

        List<JanusEvent> late = [];
        await foreach (JanusEvent e in host.Services.GetRequiredService<IJanusEventFeed>().ReadAsync())
            late.Add(e);
        late.Should().BeEmpty("who comes after the end finds the end");
    }

    private static IJanusEventFeed Feed(DeliveryHost host) => host.Services.GetRequiredService<IJanusEventFeed>();

    private static async Task<long> NextAsync(IAsyncEnumerator<JanusEvent> reader, int count = 1)
    {
        for (int i = 0; i < count; i++)
            (await reader.MoveNextAsync().AsTask().WaitAsync(s_limit)).Should().BeTrue();
        return reader.Current.SessionId!.Value;
    }

    private static async Task DeliverAsync(DeliveryHost host, ReceivedBody body) =>
        (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();

    /// <summary>A service like a server whose requests read the feed: stopping waits for them.</summary>
    private sealed class ReaderThatEndsByItself(IJanusEventFeed feed) : IHostedService
    {
        private Task _reading = Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _reading = ReadAsync();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => _reading;

        private async Task ReadAsync()
        {
            await foreach (JanusEvent e in feed.ReadAsync(CancellationToken.None))
                e.Should().BeNull();
        }
    }
}
