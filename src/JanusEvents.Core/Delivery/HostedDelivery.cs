using JanusEvents.Observation;
using JanusEvents.Redaction;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Delivery;

/// <summary>
/// A delivery that lives with the host: it opens before anything else starts, and drains after everything else has
/// stopped, whatever the order in which services were registered. Then no request waits any more that could bring
/// another body. Whatever receiver a body came from, it is counted and redacted here.
/// </summary>
internal abstract class HostedDelivery(JanusEventsOptions options, Intake intake, DeliveryMetrics metrics, Tracing tracing)
    : IBodyDelivery, IHostedLifecycleService, IAsyncDisposable
{
    private bool _disposed;

    /// <summary>Redacts bodies; null where nothing is redacted.</summary>
    protected BodyRedaction? Redaction { get; } = BodyRedaction.Of(options.Redaction);

    public async ValueTask<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken cancellationToken)
    {
        if (intake.Record(body))
            metrics.Received(body);
        metrics.Begin(body);
        using ContainedSpan span = tracing.Begin(body);
        try
        {
            ReceivedBody taken = Redaction is null ? body : Redaction.Redact(body);
            if (!await TakeAsync(taken, cancellationToken).ConfigureAwait(false))
            {
                span.Fail("not_stored");
                return DeliveryResult.NotStored;
            }

            // One that joined the attempt in progress has no number of its own.
            if (taken.Sequence > 0)
                return taken.IsDuplicate ? DeliveryResult.Duplicate : DeliveryResult.Stored;

            metrics.Duplicate();
            return DeliveryResult.Duplicate;
        }
        catch (Exception e)
        {
            span.Fail(e);
            throw;
        }
        finally
        {
            metrics.End(body);
        }
    }

    public virtual Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public abstract Task StoppedAsync(CancellationToken cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // The services know it under several types, and dispose it for each.
        if (!Interlocked.Exchange(ref _disposed, true))
            await DisposeOnceAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a body as <see cref="DeliverAsync"/> promises, after redaction.</summary>
    protected abstract ValueTask<bool> TakeAsync(ReceivedBody body, CancellationToken cancellationToken);

    protected abstract ValueTask DisposeOnceAsync();
}
