using Microsoft.Extensions.Hosting;

namespace JanusEvents.Delivery;

/// <summary>
/// A delivery that lives with the host: it opens before anything else starts, and drains after everything else has
/// stopped, whatever the order in which services were registered. Then no request waits any more that could bring
/// another body.
/// </summary>
internal abstract class HostedDelivery : IBodyDelivery, IHostedLifecycleService, IAsyncDisposable
{
    public abstract ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp);

    public virtual Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public abstract Task StoppedAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
