namespace JanusEvents.FaultHost.Faults;

/// <summary>A sink around the real one that delays what is stored, or ends the process once it is.</summary>
internal class FaultySink(IEventSink sink, FaultHostOptions options) : IEventSink
{
    private int _writes;

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (options.DelayWrites > 0)
            await Task.Delay(options.DelayWrites, cancellationToken);
        await sink.WriteAsync(batch, cancellationToken);
        if (++_writes == options.KillAfterWrite)
            Death.Come();
    }
}
