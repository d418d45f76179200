using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>
/// The sinks that must never hold up anything: each has a bounded queue of its own, and what does not fit or fails is
/// dropped and counted. They see a body once the required sinks have it.
/// </summary>
internal sealed class BestEffortWriters(
    IEnumerable<SinkRegistration> sinks,
    IServiceProvider services,
    IOptions<JanusEventsOptions> options,
    ILogger<BestEffortWriters> logger) : IAsyncDisposable
{
    private readonly BestEffortWriter[] _writers =
    [
        .. sinks.Where(s => !s.Required).Select(s => new BestEffortWriter(s.Name, s.Resolve(services), options.Value, logger)),
    ];

    public void Offer(ReceivedBody body)
    {
        foreach (BestEffortWriter writer in _writers)
            writer.Offer(body);
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_writers.Select(w => w.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (BestEffortWriter writer in _writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
