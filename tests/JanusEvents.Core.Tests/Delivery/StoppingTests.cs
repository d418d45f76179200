using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>The end of a host: what was accepted is stored, and no sink keeps the host from ending.</summary>
public sealed class StoppingTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly ControlledSink _sink = new();

    [Fact]
    public async Task Stopping_stores_what_was_accepted_and_takes_nothing_more()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        Task<bool> first = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite write = await _sink.NextAsync();
        Task<bool> second = host.DeliverAsync(NumberedBody.Of(2));

        Task stopped = host.StopAsync();
        Task<bool> late = host.DeliverAsync(NumberedBody.Of(3));

        (await late.WaitAsync(s_limit)).Should().BeFalse();
        write.Store();
        (await _sink.NextAsync()).Store();
        (await Task.WhenAll(first, second).WaitAsync(s_limit)).Should().Equal(true, true);
        await stopped.WaitAsync(s_limit);
        _sink.Unseen.Should().Be(0);
    }

    [Fact]
    public async Task A_write_is_cancelled_when_the_time_to_stop_is_over()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite write = await _sink.NextAsync();
        write.HeedCancellation();
        using CancellationTokenSource patience = new();

        Task stopped = host.StopAsync(patience.Token);
        write.CancellationToken.IsCancellationRequested.Should().BeFalse("there is still time");
        await patience.CancelAsync();

        await stopped.WaitAsync(s_limit);
        answer.IsCompleted.Should().BeFalse("it is not stored, and its request is broken off by the host's end");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sink_that_heeds_no_cancellation_does_not_keep_the_host_from_ending(bool required)
    {
        DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink, o => o.Required = required));
        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1));
        HeldWrite write = await _sink.NextAsync();
        using CancellationTokenSource patience = new();

        Task stopped = host.StopAsync(patience.Token);
        await patience.CancelAsync();
        await stopped.WaitAsync(s_limit);
        host.Log.Of(Microsoft.Extensions.Logging.LogLevel.Error).Should().ContainSingle(line => line.Contains("abandoned"));
        await host.DisposeAsync().AsTask().WaitAsync(s_limit);

        write.Store();
        _ = answer;
    }

    [Fact]
    public async Task A_write_that_nobody_waits_for_any_more_holds_up_the_end_only_for_a_moment()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink));
        using CancellationTokenSource over = new();
        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1), over.Token);
        HeldWrite write = await _sink.NextAsync();
        write.HeedCancellation();

        Task stopped = host.StopAsync();
        await over.CancelAsync();

        (await answer.WaitAsync(s_limit)).Should().BeFalse();
        await stopped.WaitAsync(s_limit);
    }

    [Fact]
    public async Task A_sink_that_is_not_required_and_hangs_holds_up_the_end_only_for_a_moment()
    {
        TestTime time = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_sink, o => o.Required = false), time: time);
        await host.DeliverAsync(NumberedBody.Of(1)).WaitAsync(s_limit);
        HeldWrite write = await _sink.NextAsync();
        write.HeedCancellation();

        await host.StopAsync().WaitAsync(s_limit);

        time.Waits[0].Should().Be(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_the_order_of_registering_a_body_is_taken_until_the_last_service_has_stopped(bool deliveryFirst)
    {
        RecordingSink sink = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (deliveryFirst)
            builder.Services.AddJanusEvents().AddSink(sink);
        builder.Services.AddSingleton<Door>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Door>());
        if (!deliveryFirst)
            builder.Services.AddJanusEvents().AddSink(sink);
        using IHost host = builder.Build();
        await host.StartAsync();

        await host.StopAsync();

        Door door = host.Services.GetRequiredService<Door>();
        door.StoredAtStart.Should().BeTrue();
        door.StoredAtStop.Should().BeTrue();
        sink.Numbers.Should().Equal(1, 2);
        (await host.Services.GetRequiredService<IBodyDelivery>().DeliverAsync(NumberedBody.Of(3), CancellationToken.None))
            .Should().Be(DeliveryResult.NotStored, "the host has stopped");
    }

    /// <summary>Hands over a body when it starts and when it stops, as a web server does that ends its last requests.</summary>
    private sealed class Door(IBodyDelivery delivery) : IHostedService
    {
        public bool StoredAtStart { get; private set; }

        public bool StoredAtStop { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken) =>
            StoredAtStart = await delivery.DeliverAsync(NumberedBody.Of(1), cancellationToken) == DeliveryResult.Stored;

        public async Task StopAsync(CancellationToken cancellationToken) =>
            StoredAtStop = await delivery.DeliverAsync(NumberedBody.Of(2), cancellationToken) == DeliveryResult.Stored;
    }
}
