using System.Diagnostics;
using System.Diagnostics.Metrics;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>Observers that throw: listeners of metrics and spans, log providers, best-effort sinks. None reaches delivery.</summary>
public sealed class FailingObserverTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly RecordingSink _first = new();
    private readonly RecordingSink _second = new();

    [Fact]
    public async Task A_listener_that_throws_on_every_measurement_changes_neither_what_is_stored_nor_the_answer()
    {
        await using DeliveryHost host = await StartAsync();
        using MeterListener listener = FailingMeterListener.On(host.Services);

        await DeliverAllAsync(host);

        EachIsStoredOnce();
    }

    [Fact]
    public async Task A_body_is_not_acknowledged_while_a_required_sink_lacks_it_though_a_listener_throws()
    {
        ControlledSink second = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_first).AddSink(second));
        using MeterListener listener = FailingMeterListener.On(host.Services);

        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1));
        (await second.NextAsync()).Fail();
        HeldWrite again = await second.NextAsync();

        answer.IsCompleted.Should().BeFalse();
        again.Store();
        (await answer.WaitAsync(s_limit)).Should().BeTrue();
        _first.Numbers.Should().Equal(1);
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("started")]
    [InlineData("stopped")]
    public async Task A_listener_of_spans_that_throws_changes_neither_what_is_stored_nor_the_answer(string when)
    {
        await using DeliveryHost host = await StartAsync();
        using ActivityListener listener = FailingListener(host, when);
        Activity? before = Activity.Current;

        await DeliverAllAsync(host);

        EachIsStoredOnce();
        Activity.Current.Should().BeSameAs(before);
        host.Log.Of(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("spans");
    }

    [Fact]
    public async Task A_best_effort_sink_and_figures_that_fail_keep_a_stored_body_from_nobody()
    {
        RecordingSink bestEffort = new();
        int failing = 0;
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b
            .AddSink(_first)
            .AddSink((_, _) => throw new InvalidOperationException($"Never {++failing}."), o => (o.Name, o.Required) = ("always fails", false))
            .AddSink(bestEffort, o => o.Required = false));
        using MeterListener listener = FailingMeterListener.On(host.Services);

        await DeliverAllAsync(host);

        _first.Numbers.Should().HaveCount(20);
        bestEffort.Numbers.Should().HaveCount(20);
        failing.Should().BePositive();
        host.Dropped.Should().Be(20);
    }

    [Fact]
    public async Task A_body_that_is_handed_over_again_and_again_counts_once()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(_first));
        using Measurements measured = new(host.Services);
        ReceivedBody body = NumberedBody.Of(1);

        for (int i = 0; i < 3; i++)
            await host.DeliverAsync(body, new CancellationToken(canceled: true)).WaitAsync(s_limit);
        (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();

        measured.Sum("janus_events.bodies").Should().Be(1);
        host.Services.GetRequiredService<Intake>().Bodies.Should().Be(1);
        measured.Now("janus_events.queue.length").Should().Be(0);
    }

    [Fact]
    public async Task A_log_provider_that_throws_changes_neither_what_is_stored_nor_the_answer()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b =>
        {
            b.Services.AddSingleton<ILoggerProvider, FailingLoggerProvider>();
            b.AddSink(sink);
        });

        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1));
        (await sink.NextAsync()).Fail();
        (await sink.NextAsync()).Store();
        (await answer.WaitAsync(s_limit)).Should().BeTrue();
        Task<bool> next = host.DeliverAsync(NumberedBody.Of(2));
        (await sink.NextAsync()).Store();

        (await next.WaitAsync(s_limit)).Should().BeTrue();
        await host.StopAsync();
        sink.Unseen.Should().Be(0, "nothing was written twice");
    }

    [Fact]
    public async Task Failing_listeners_are_logged_once()
    {
        await using DeliveryHost host = await StartAsync();
        using MeterListener listener = FailingMeterListener.On(host.Services);

        await DeliverAllAsync(host);

        host.Log.Of(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("metrics");
    }

    private Task<DeliveryHost> StartAsync() => DeliveryHost.StartAsync(b => b.AddSink(_first).AddSink(_second));

    private static async Task DeliverAllAsync(DeliveryHost host)
    {
        bool[] answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => host.DeliverAsync(NumberedBody.Of(n)))).WaitAsync(s_limit);
        answers.Should().OnlyContain(stored => stored);
        await host.StopAsync();
    }

    private static ActivityListener FailingListener(DeliveryHost host, string when)
    {
        ActivitySource source = host.Services.GetRequiredService<Tracing>().Source;
        ActivityListener listener = new()
        {
            ShouldListenTo = candidate => candidate == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                when == "sample" ? throw new InvalidOperationException("No room.") : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => Fail("started"),
            ActivityStopped = _ => Fail("stopped"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;

        void Fail(string at)
        {
            if (when == at)
                throw new InvalidOperationException("No room.");
        }
    }

    private void EachIsStoredOnce()
    {
        long[] all = [.. Enumerable.Range(1, 20).Select(n => (long)n)];
        _first.Numbers.Should().Equal(all);
        _second.Numbers.Should().Equal(all);
    }
}
