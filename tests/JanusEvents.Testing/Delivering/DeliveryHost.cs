using JanusEvents.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Testing;

/// <summary>The delivery of a host without the host: what <c>AddJanusEvents</c> makes, started and stopped by a test.</summary>
public sealed class DeliveryHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HostedDelivery _delivery;

    private DeliveryHost(ServiceProvider services)
    {
        _services = services;
        _delivery = services.GetRequiredService<HostedDelivery>();
    }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>What was logged.</summary>
    public DeliveryLogLines Log => _services.GetRequiredService<DeliveryLogLines>();

    /// <summary>How many events the sinks missed that are not required.</summary>
    public long Dropped => _services.GetRequiredService<BestEffortWriters>().Dropped;

    /// <summary>Starts a delivery.</summary>
    /// <param name="add">Adds the sinks.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="time">The clock; the system's when not given.</param>
    public static async Task<DeliveryHost> StartAsync(
        Action<JanusEventsBuilder> add, Action<JanusEventsOptions>? configure = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<DeliveryLogLines>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<DeliveryLogLines>());
        services.AddLogging();
        services.AddSingleton(time ?? TimeProvider.System);
        add(services.AddJanusEvents(configure ?? (_ => { })));
        var provider = services.BuildServiceProvider();
        try
        {
            var host = new DeliveryHost(provider);
            await host._delivery.StartingAsync(CancellationToken.None).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await provider.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Hands over a body, as a request does.</summary>
    /// <param name="body">The body.</param>
    /// <param name="giveUp">Cancelled when the request's time is over.</param>
    /// <returns>Whether its sender may be told that it is stored.</returns>
    public async Task<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp = default) =>
        await _delivery.DeliverAsync(body, giveUp).ConfigureAwait(false) != DeliveryResult.NotStored;

    /// <summary>Runs the only health check of the host.</summary>
    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().ConfigureAwait(false)).Entries.Values.Single();

    /// <summary>Stops as a host does after everything else has stopped.</summary>
    /// <param name="patience">Cancelled when the host's time to stop is over.</param>
    public Task StopAsync(CancellationToken patience = default) => _delivery.StoppedAsync(patience);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
