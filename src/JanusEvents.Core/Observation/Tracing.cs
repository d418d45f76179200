using System.Diagnostics;

namespace JanusEvents.Observation;

/// <summary>The spans: one for each body, and one for each batch that a sink writes. Nothing of a body is in their tags.</summary>
internal sealed class Tracing(Observers observers) : IDisposable
{
    /// <summary>The span of a body between being handed over and being stored.</summary>
    public const string Body = "store body";

    /// <summary>The span of a batch that a sink writes.</summary>
    public const string Batch = "write batch";

    /// <summary>How messages call those who listen.</summary>
    public const string Listener = "listener of spans";

    // As many as OpenTelemetry keeps by default.
    private const int MaxLinks = 128;

    /// <summary>Where the spans come from: one for each host.</summary>
    public ActivitySource Source { get; } = new(JanusEventsMeter.Name, JanusEventsMeter.Version);

    /// <summary>Begins the span of a body, as a child of the present one: a request's, say.</summary>
    public ContainedSpan Begin(ReceivedBody body)
    {
        if (!Source.HasListeners() || Start(Body, []) is not { } span)
            return default;

        span.SetTag(Labels.Events, body.Events.Count);
        span.SetTag(Labels.Size, body.Json.Length);
        if (body.Rejected.Count > 0)
            span.SetTag(Labels.Rejected, body.Rejected.Count);
        body.Span = span;
        return new ContainedSpan(span, observers);
    }

    /// <summary>Begins the span of a batch. It has no parent, but links to its bodies, which are of several requests.</summary>
    public ContainedSpan Begin(EventBatch batch, string sink)
    {
        if (!Source.HasListeners())
            return default;

        ActivityLink[] links =
        [
            .. batch.Bodies.Select(body => body.Span).OfType<Activity>().Take(MaxLinks).Select(span => new ActivityLink(span.Context)),
        ];
        Activity? before = Activity.Current;
        Activity.Current = null;
        if (Start(Batch, links) is not { } span)
        {
            Activity.Current = before;
            return default;
        }

        span.SetTag(Labels.Sink, sink);
        span.SetTag(Labels.Bodies, batch.Bodies.Count);
        span.SetTag(Labels.Events, batch.Count);
        return new ContainedSpan(span, observers);
    }

    public void Dispose() => Source.Dispose();

    private Activity? Start(string name, ActivityLink[] links)
    {
        Activity? before = Activity.Current;
        Activity? span = null;
        observers.Run(
            Listener, source => { span = source.StartActivity(name, ActivityKind.Internal, parentContext: default, links: links); }, Source);

        // A listener that throws leaves the span that it was shown as the present one.
        if (span is null && Activity.Current != before)
            Activity.Current = before;
        return span;
    }
}
