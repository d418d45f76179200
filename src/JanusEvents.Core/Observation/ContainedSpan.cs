using System.Diagnostics;

namespace JanusEvents.Observation;

/// <summary>A span that was begun, or none where nobody listens.</summary>
internal readonly struct ContainedSpan(Activity? activity, Observers observers) : IDisposable
{
    /// <summary>Records that it failed. The message of an exception may have something of a body in it.</summary>
    public void Fail(Exception exception) => Fail(exception.GetType().FullName!);

    /// <inheritdoc cref="Fail(Exception)"/>
    public void Fail(string error)
    {
        activity?.SetTag(Labels.Error, error);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        if (activity is not null)
            observers.Run(Tracing.Listener, static span => span.Dispose(), activity);
    }
}
