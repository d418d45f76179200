using System.Collections.Concurrent;
using System.Diagnostics;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Observation;

/// <summary>The spans of a body and of a batch.</summary>
public sealed class TracingTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [Fact]
    public async Task A_body_has_a_span_under_its_request_and_a_batch_one_that_links_to_its_bodies()
    {
        using ActivitySource requests = new("requests of a test");
        ConcurrentQueue<Activity> ended = [];
        using ActivityListener listener = Listen(requests, ended);
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));

        Activity request = requests.StartActivity("POST")!;
        Task<bool> body = host.DeliverAsync(NumberedBody.Of(1, 2));
        HeldWrite first = await sink.NextAsync();
        first.Fail(new InvalidOperationException("secret words of the body"));
        (await sink.NextAsync()).Store();
        (await body).Should().BeTrue();
        Activity.Current.Should().BeSameAs(request);
        request.Dispose();

        await Wait.UntilAsync(() => Ours(ended, request).Count == 3, s_limit, "the spans");
        Activity stored = Ours(ended, request).Single(a => a.OperationName == "store body");
        stored.ParentSpanId.Should().Be(request.SpanId);
        stored.Source.Name.Should().Be("JanusEvents");
        stored.TagObjects.Should().Contain(new KeyValuePair<string, object?>("janus_events.events", 2));
        stored.Status.Should().Be(ActivityStatusCode.Unset);
        Activity[] writes = [.. Ours(ended, request).Where(a => a.OperationName == "write batch")];
        writes.Select(w => w.Status).Should().Equal(ActivityStatusCode.Error, ActivityStatusCode.Unset);
        writes.Should().OnlyContain(w => w.Parent == null && w.ParentSpanId == default, "a batch is of several requests");
        writes[0].TagObjects.Should().Contain(new KeyValuePair<string, object?>("error.type", "System.InvalidOperationException"));
        writes.SelectMany(w => w.TagObjects).Select(t => $"{t.Value}").Should().NotContain(v => v.Contains("secret"));
        writes[0].Events.Should().BeEmpty("a message of an exception may have something of a body");
    }

    [Fact]
    public async Task A_body_that_is_given_up_has_a_span_with_an_error()
    {
        using ActivitySource requests = new("requests of another test");
        ConcurrentQueue<Activity> ended = [];
        using ActivityListener listener = Listen(requests, ended);
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));
        using CancellationTokenSource giveUp = new();
        using Activity request = requests.StartActivity("POST")!;

        Task<bool> body = host.DeliverAsync(NumberedBody.Of(1), giveUp.Token);
        HeldWrite write = await sink.NextAsync();
        await giveUp.CancelAsync();

        (await body).Should().BeFalse();
        Activity span = ended.Single(a => a.ParentSpanId == request.SpanId);
        span.Status.Should().Be(ActivityStatusCode.Error);
        span.GetTagItem("error.type").Should().Be("not_stored");
        write.Store();
    }

    private static List<Activity> Ours(IEnumerable<Activity> ended, Activity request)
    {
        List<Activity> bodies = [.. ended.Where(a => a.ParentSpanId == request.SpanId)];
        return [.. bodies, .. ended.Where(a => a.Links.Any(l => bodies.Any(b => b.SpanId == l.Context.SpanId)))];
    }

    private static ActivityListener Listen(ActivitySource requests, ConcurrentQueue<Activity> ended)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source == requests || source.Name == "JanusEvents",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
