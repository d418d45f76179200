using JanusEvents.RabbitMq.Connections;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>
/// The queues that a host reads, on one connection. The host's delivery opens before this starts and ends after it has stopped.
/// </summary>
internal sealed class QueueReaders(
    BrokerConnection connection, IReadOnlyList<QueueReader> readers, QueueWatch watch, WriterBalance? balance = null) : IHostedService, IAsyncDisposable
{
    // Messages that are not stored by then are in the broker.
    private static readonly TimeSpan s_timeToStore = TimeSpan.FromSeconds(5);

    private bool _stopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (QueueReader reader in readers)
            reader.Start();
        return watch.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped = true;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_timeToStore);
        await watch.StopAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(readers.Select(reader => reader.StopAsync(patience.Token))).ConfigureAwait(false);
        if (balance is not null)
            await balance.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
            await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        watch.Dispose();
        foreach (QueueReader reader in readers)
            reader.Dispose();
    }
}
