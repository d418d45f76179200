using JanusEvents.Observation;
using JanusEvents.Redaction;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Delivery;

/// <summary>
/// A delivery that lives with the host: it opens before anything else starts, and drains after everything else has
/// stopped, whatever the order in which services were registered. Then no request waits any more that could bring
/// another body. Whatever door a body came in by, this is where it is counted, and where secrets are taken out of it.
/// </summary>
internal abstract class HostedDelivery(JanusEventsOptions options, Intake intake, DeliveryMetrics metrics, Tracing tracing)
    : IBodyDelivery, IHostedLifecycleService, IAsyncDisposable
{
    private bool _disposed;

    /// <summary>Takes secrets out of bodies; null where they are kept.</summary>
    protected SecretRemoval? Secrets { get; } = SecretRemoval.Of(options.Secrets);

    public async ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp)
    {
        if (intake.Note(body))
            metrics.Received(body);
        metrics.Begin(body);
        using ContainedSpan span = tracing.Begin(body);
        try
        {
            ReceivedBody taken = Secrets is null ? body : Secrets.RemoveFrom(body);
            bool stored = await TakeAsync(taken, giveUp).ConfigureAwait(false);
            if (!stored)
                span.Fail("not_stored");
            else if (taken.Sequence == 0)
                metrics.Duplicate();
            return stored;
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

    /// <summary>Takes a body as <see cref="DeliverAsync"/> promises, once its secrets are taken out.</summary>
    protected abstract ValueTask<bool> TakeAsync(ReceivedBody body, CancellationToken giveUp);

    protected abstract ValueTask DisposeOnceAsync();
}
