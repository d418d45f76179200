using System.Collections.Concurrent;
using System.Text;
using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>How sinks of one's own are added, and what a filter keeps out of them.</summary>
public sealed class SinkOptionsTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly ConcurrentQueue<EventBatch> _batches = [];

    [Fact]
    public async Task A_function_is_a_sink_and_an_answer_waits_for_it()
    {
        TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<EventBatch> began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(async (batch, cancellationToken) =>
        {
            began.SetResult(batch);
            await stored.Task.WaitAsync(cancellationToken);
        }));

        Task<bool> answer = host.DeliverAsync(NumberedBody.Of(1, 2));
        Numbers(await began.Task.WaitAsync(s_limit)).Should().Equal(1, 2);
        answer.IsCompleted.Should().BeFalse();
        stored.SetResult();

        (await answer.WaitAsync(s_limit)).Should().BeTrue();
    }

    [Fact]
    public async Task Messages_call_a_sink_by_its_name()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b
            .AddSink((_, _) => throw new IOException("The queue is away."), o => (o.Name, o.Required) = ("call-queue", false))
            .AddSink(Keep));

        await DeliverAsync(host, NumberedBody.Of(1));
        await host.StopAsync();

        host.Log.Of(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("call-queue");
    }

    [Fact]
    public async Task Two_sinks_of_a_type_are_told_apart_by_a_number()
    {
        RecordingSink second = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()).AddSink(second));

        host.Services.GetServices<SinkRegistration>().Select(sink => sink.Name)
            .Should().Equal("RecordingSink", "RecordingSink 2");
        await DeliverAsync(host, NumberedBody.Of(1));
        second.Numbers.Should().Equal(1);
    }

    [Fact]
    public async Task A_factory_creates_its_sink_once_from_the_services()
    {
        int created = 0;
        RecordingSink sink = new();
        DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(
            services =>
            {
                created++;
                services.GetRequiredService<TimeProvider>().Should().NotBeNull();
                return sink;
            },
            options => options.Name = "made"));
        await using (host)
        {
            await DeliverAsync(host, NumberedBody.Of(1));
            await DeliverAsync(host, NumberedBody.Of(2));
        }

        created.Should().Be(1);
        sink.Numbers.Should().Equal(1, 2);
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_with_what_to_do()
    {
        JanusEventsBuilder builder = new ServiceCollection().AddJanusEvents().AddSink(Keep, sink => sink.Name = "calls");

        FluentActions.Invoking(() => builder.AddSink<RecordingSink>(sink => sink.Name = "calls"))
            .Should().Throw<InvalidOperationException>().WithMessage("*\"calls\"*Give each a name of its own*");
        FluentActions.Invoking(() => builder.AddSink(Keep, sink => sink.Name = " ")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_sink_that_was_added_before_is_refused_with_what_to_do()
    {
        RecordingSink instance = new();
        JanusEventsBuilder builder = new ServiceCollection().AddJanusEvents().AddSink<RecordingSink>().AddSink(instance);

        FluentActions.Invoking(() => builder.AddSink<RecordingSink>(sink => sink.Name = "another"))
            .Should().Throw<InvalidOperationException>().WithMessage("*RecordingSink was added before*Remove one of the calls*");
        FluentActions.Invoking(() => builder.AddSink(instance, o => o.Required = false)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_sink_that_is_registered_as_scoped_is_refused_with_what_to_do()
    {
        ServiceCollection services = new();
        services.AddScoped<RecordingSink>();

        FluentActions.Invoking(() => services.AddJanusEvents().AddSink<RecordingSink>())
            .Should().Throw<InvalidOperationException>().WithMessage("*registered as Scoped*AddSingleton*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_filter_keeps_events_out_of_its_sink_alone(bool required)
    {
        RecordingSink all = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(all).AddSink(Keep, sink =>
        {
            sink.Required = required;
            sink.Filter = e => e.SessionId > 2;
        }));

        ReceivedBody body = NumberedBody.Of(1, 2, 3, 4);
        await DeliverAsync(host, body);
        await host.StopAsync();

        all.Numbers.Should().Equal(1, 2, 3, 4);
        EventBatch batch = _batches.Should().ContainSingle().Subject;
        Numbers(batch).Should().Equal(3, 4);
        ReceivedBody seen = batch.Bodies.Should().ContainSingle().Subject;
        seen.Events.Should().Equal(batch);
        seen.Hash.ToArray().Should().Equal(body.Hash.ToArray());
        seen.Json.ToArray().Should().Equal(body.Json.ToArray());
        (seen.Sequence, seen.ArrivedAt, seen.RemoteAddress, seen.IsUsable)
            .Should().Be((body.Sequence, body.ArrivedAt, body.RemoteAddress, body.IsUsable));
    }

    [Fact]
    public async Task A_sink_is_not_called_for_a_batch_of_which_its_filter_leaves_nothing()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(Keep, sink => sink.Filter = e => e.SessionId > 2));

        await DeliverAsync(host, NumberedBody.Of(1, 2));
        await DeliverAsync(host, NumberedBody.Of(3));

        _batches.Select(Numbers).Should().ContainSingle().Which.Should().Equal(3);
    }

    [Fact]
    public async Task What_was_rejected_reaches_a_sink_whatever_its_filter_says()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(Keep, sink => sink.Filter = _ => false));

        byte[] json = "[1]"u8.ToArray();
        await DeliverAsync(host, new ReceivedBody(json, new JanusEventParser().Parse(json), DateTimeOffset.UtcNow, null));

        _batches.Should().ContainSingle().Which.Bodies[0].Rejected.Should().ContainSingle();
    }

    [Fact]
    public async Task A_batch_that_a_filter_takes_whole_is_the_same_batch()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(Keep, sink => sink.Filter = _ => true));

        ReceivedBody body = NumberedBody.Of(1, 2);
        await DeliverAsync(host, body);

        _batches.Single().Bodies.Should().ContainSingle().Which.Should().BeSameAs(body);
    }

    [Fact]
    public async Task An_event_for_which_the_filter_throws_is_kept_and_that_is_said_once()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(Keep, sink =>
        {
            sink.Name = "calls";
            sink.Filter = e => e.SessionId switch { 1 => false, 2 => true, _ => throw new InvalidOperationException("No idea.") };
        }));

        await DeliverAsync(host, NumberedBody.Of(1, 2, 3, 4));
        await DeliverAsync(host, NumberedBody.Of(5));

        _batches.SelectMany(Numbers).Should().Equal(2, 3, 4, 5);
        host.Log.Of(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("filter of sink calls");
    }

    [Fact]
    public async Task A_filter_sees_each_part_of_a_combined_statistics_event()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(
            Keep, sink => sink.Filter = e => e is MediaStatsEvent { Media: "video" }));

        await DeliverAsync(host, Combined());

        MediaStatsEvent video = _batches.Single().Should().ContainSingle().Which.Should().BeOfType<MediaStatsEvent>().Subject;
        (video.Media, video.Part).Should().Be(("video", 1));
    }

    [Fact]
    public void The_filter_of_a_store_leaves_a_combined_statistics_event_whole()
    {
        ReceivedBody body = Combined(), other = NumberedBody.Of(1);
        SinkFilter filter = new("a-store", e => e is MediaStatsEvent { Media: "video" }, wholeEvents: true, new DeliveryLogLines());

        EventBatch taken = filter.Apply(new EventBatch([other, body]));

        taken.Select(e => ((MediaStatsEvent)e).Media).Should().Equal("audio", "video");
        taken.Bodies.Should().HaveCount(2, "the hashes of both are kept");
    }

    private static ReceivedBody Combined()
    {
        byte[] json = Encoding.UTF8.GetBytes(
            """{"emitter":"j","type":32,"subtype":3,"timestamp":1795323726312012,"session_id":1,"handle_id":2,"event":[{"mid":"0","media":"audio","lost":0},{"mid":"1","media":"video","lost":7}]}""");
        ReceivedBody body = new(json, new JanusEventParser().Parse(json), DateTimeOffset.UtcNow, null);
        body.Events.Should().HaveCount(2);
        return body;
    }

    private static List<long> Numbers(EventBatch batch) => [.. batch.Select(e => e.SessionId!.Value)];

    private ValueTask Keep(EventBatch batch, CancellationToken cancellationToken)
    {
        _batches.Enqueue(batch);
        return ValueTask.CompletedTask;
    }

    private static async Task DeliverAsync(DeliveryHost host, ReceivedBody body) =>
        (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();
}
