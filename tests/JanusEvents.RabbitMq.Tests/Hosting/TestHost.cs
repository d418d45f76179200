using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.RabbitMq.Tests.Hosting;

/// <summary>A host without a web server.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public DeliveryLogLines Log => Services.GetRequiredService<DeliveryLogLines>();

    public string Warnings => string.Join('\n', Log.Of(LogLevel.Warning).Concat(Log.Of(LogLevel.Error)));

    public static async Task<TestHost> StartAsync(Action<JanusEventsBuilder> add, Action<JanusEventsOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<DeliveryLogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<DeliveryLogLines>());
        builder.Services.AddHealthChecks().AddJanusEvents();
        add(builder.Services.AddJanusEvents(configure ?? (_ => { })));
        TestHost host = new(builder.Build());
        await host._host.StartAsync();
        return host;
    }

    /// <summary>Hands over a body, as an endpoint does.</summary>
    public async Task<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken giveUp = default) =>
        await Services.GetRequiredService<IBodyDelivery>().DeliverAsync(body, giveUp);

    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Values.Single();

    public Task UntilHealthAsync(HealthStatus status, string text) => Wait.UntilAsync(
        async () => await CheckHealthAsync() is { } health && health.Status == status && health.Description!.Contains(text, StringComparison.Ordinal),
        Wait.Limit,
        $"health to be {status} with \"{text}\"",
        () => $"{CheckHealthAsync().GetAwaiter().GetResult().Description}\n{Warnings}");

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
