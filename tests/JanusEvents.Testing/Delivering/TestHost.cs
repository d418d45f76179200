using JanusEvents.Observation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Testing;

/// <summary>A host without a web server.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>What was logged.</summary>
    public DeliveryLogLines Log => Services.GetRequiredService<DeliveryLogLines>();

    /// <summary>The warnings and errors among it.</summary>
    public string Warnings => string.Join('\n', Log.Of(LogLevel.Warning).Concat(Log.Of(LogLevel.Error)));

    /// <summary>Starts a host.</summary>
    /// <param name="add">Adds sinks and receivers.</param>
    /// <param name="configure">Sets options.</param>
    public static async Task<TestHost> StartAsync(Action<JanusEventsBuilder> add, Action<JanusEventsOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<DeliveryLogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<DeliveryLogLines>());
        builder.Services.AddHealthChecks().AddJanusEvents();
        add(builder.Services.AddJanusEvents(configure ?? (_ => { })));
        TestHost host = new(builder.Build());
        await host._host.StartAsync().ConfigureAwait(false);
        return host;
    }

    /// <summary>Hands over a body, as an endpoint does.</summary>
    public async Task<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken giveUp = default) =>
        await Services.GetRequiredService<IBodyDelivery>().DeliverAsync(body, giveUp).ConfigureAwait(false);

    /// <summary>Runs the only health check of the host.</summary>
    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().ConfigureAwait(false)).Entries.Values.Single();

    /// <summary>What the parts of the host add to the status page.</summary>
    public string StatusPage()
    {
        List<string> lines = [];
        foreach (IStatusSource source in Services.GetServices<IStatusSource>())
            source.Write(lines.Add);
        return string.Join('\n', lines);
    }

    /// <summary>Waits until the health check says so.</summary>
    public Task UntilHealthAsync(HealthStatus status, string text) => Wait.UntilAsync(
        async () => await CheckHealthAsync().ConfigureAwait(false) is { } health && health.Status == status && health.Description!.Contains(text, StringComparison.Ordinal),
        Wait.Limit,
        $"health to be {status} with \"{text}\"",
        () => $"{CheckHealthAsync().GetAwaiter().GetResult().Description}\n{Warnings}");

    /// <summary>Stops the host.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync().ConfigureAwait(false);
    }
}
