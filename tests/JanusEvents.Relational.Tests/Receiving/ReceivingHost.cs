using System.Net;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using JanusEvents.Relational.Tests.Hosting;

namespace JanusEvents.Relational.Tests.Receiving;

/// <summary>The whole way in one host: an endpoint on a real Kestrel, a store, and its <see cref="IEventStore"/>.</summary>
public sealed class ReceivingHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly JanusSender _sender;

    private ReceivingHost(WebApplication app)
    {
        _app = app;
        _sender = new JanusSender(new Uri(app.Urls.Single()));
    }

    /// <summary>What the host logged.</summary>
    public KeptLog Log => _app.Services.GetRequiredService<KeptLog>();

    /// <summary>Starts a host on a free loopback port.</summary>
    /// <param name="add">Adds the store.</param>
    public static async Task<ReceivingHost> StartAsync(Action<JanusEventsBuilder> add)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<KeptLog>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<KeptLog>());
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        add(builder.Services.AddJanusEvents());
        var app = builder.Build();
        app.MapJanusEvents("/");
        await app.StartAsync();
        return new ReceivingHost(app);
    }

    /// <summary>Posts a body as Janus does, and again where the connection was broken off, and returns the status.</summary>
    public async Task<int?> PostAsync(byte[] body) => (await _sender.SendAsync(body)).Status;

    /// <summary>Reads events back.</summary>
    public async Task<List<JanusEvent>> ReadAsync(EventQuery query)
    {
        List<JanusEvent> events = [];
        await foreach (var e in _app.Services.GetRequiredService<IEventStore>().ReadAsync(query))
            events.Add(e);
        return events;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
