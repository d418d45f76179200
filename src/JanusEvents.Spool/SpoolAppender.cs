namespace JanusEvents.Spool;

/// <summary>Makes the spool's file look like a sink, so that what writes to sinks writes to it too.</summary>
internal sealed class SpoolAppender(SpoolFile file, Action full, Action appended) : IEventSink
{
    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            file.Append(batch.Bodies);
        }
        catch (SpoolFullException)
        {
            full();
            throw;
        }

        appended();
        return ValueTask.CompletedTask;
    }
}
