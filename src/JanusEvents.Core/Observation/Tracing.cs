using System.Diagnostics;

namespace JanusEvents.Observation;

/// <summary>The spans: one for each body, and one for each batch that a sink writes. Nothing of a body is in their tags.</summary>
internal static class Tracing
{
    /// <summary>The span of a body between being handed over and being stored.</summary>
    public const string Body = "store body";

    /// <summary>The span of a batch that a sink writes.</summary>
    public const string Batch = "write batch";

    // As many as OpenTelemetry keeps by default.
    private const int MaxLinks = 128;

    private static readonly ActivitySource s_source = new(JanusEventsMeter.Name, JanusEventsMeter.Version);

    /// <summary>Begins the span of a body, as a child of the present one: a request's, say.</summary>
    public static Activity? Begin(ReceivedBody body)
    {
        Activity? span = s_source.StartActivity(Body, ActivityKind.Internal);
        if (span is null)
            return null;

        span.SetTag(Labels.Events, body.Events.Count);
        span.SetTag(Labels.Size, body.Json.Length);
        if (body.Rejected.Count > 0)
            span.SetTag(Labels.Rejected, body.Rejected.Count);
        body.Span = span;
        return span;
    }

    /// <summary>Begins the span of a batch. It has no parent, but links to its bodies, which are of several requests.</summary>
    public static Activity? Begin(EventBatch batch, string sink)
    {
        if (!s_source.HasListeners())
            return null;

        ActivityLink[] links =
        [
            .. batch.Bodies.Select(body => body.Span).OfType<Activity>().Take(MaxLinks).Select(span => new ActivityLink(span.Context)),
        ];
        Activity? before = Activity.Current;
        Activity.Current = null;
        Activity? span = s_source.StartActivity(Batch, ActivityKind.Internal, parentContext: default, links: links);
        if (span is null)
        {
            Activity.Current = before;
            return null;
        }

        span.SetTag(Labels.Sink, sink);
        span.SetTag(Labels.Bodies, batch.Bodies.Count);
        span.SetTag(Labels.Events, batch.Count);
        return span;
    }

    /// <summary>Notes on a span that it failed. The message of an exception may have something of a body in it.</summary>
    public static void Fail(Activity? span, Exception exception) => Fail(span, exception.GetType().FullName!);

    /// <inheritdoc cref="Fail(Activity?, Exception)"/>
    public static void Fail(Activity? span, string error)
    {
        if (span is null)
            return;

        span.SetTag(Labels.Error, error);
        span.SetStatus(ActivityStatusCode.Error);
    }
}
