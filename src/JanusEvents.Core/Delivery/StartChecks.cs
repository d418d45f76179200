using Microsoft.Extensions.Hosting;

namespace JanusEvents.Delivery;

/// <summary>
/// Checks of endpoints that need everything to be mapped. They run before any service of the host starts, its server
/// included; those of endpoints that a <c>Startup</c> class maps meanwhile run when all have started. Each throws to keep the
/// host from starting.
/// </summary>
internal sealed class StartChecks : IHostedLifecycleService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Func<Task>> _checks = [];
    private readonly List<Func<Task>> _due = [];

    /// <summary>Adds a check, unless there is one of the same key.</summary>
    public void Add(object key, Func<Task> check)
    {
        lock (_gate)
        {
            if (_checks.TryAdd(key, check))
                _due.Add(check);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => RunAsync();

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync()
    {
        Func<Task>[] due;
        lock (_gate)
        {
            due = [.. _due];
            _due.Clear();
        }

        foreach (Func<Task> check in due)
            await check().ConfigureAwait(false);
    }
}
