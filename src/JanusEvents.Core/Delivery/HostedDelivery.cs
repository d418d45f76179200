using Microsoft.Extensions.Hosting;

namespace JanusEvents.Delivery;

/// <summary>
/// A delivery that lives with the host: it opens before anything else starts, and drains after everything else has
/// stopped, whatever the order in which services were registered. Then no request waits any more that could bring
/// another body.
/// </summary>
internal abstract class HostedDelivery : IBodyDelivery, IHostedLifecycleService, IAsyncDisposable
{
    private bool _disposed;

    public abstract ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp);

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

    protected abstract ValueTask DisposeOnceAsync();
}
