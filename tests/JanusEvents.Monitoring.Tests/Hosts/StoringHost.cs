using System.Net;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Tests.Hosts;

/// <summary>A whole host with monitoring: it receives by HTTP, and stores in a SQLite file.</summary>
internal sealed class StoringHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly string _file;

    private StoringHost(WebApplication application, Uri url, string file) => (_application, Url, _file) = (application, url, file);

    /// <summary>Settings for events whose times are not those of the machine: nothing is said about that.</summary>
    public static (string Key, string Value)[] AnyTime { get; } =
        [("JanusEvents:Monitoring:Troubles:clock-skew:Enabled", "false"), ("JanusEvents:Monitoring:Troubles:events-late:Enabled", "false")];

    /// <summary>Where events are posted to.</summary>
    public Uri Url { get; }

    public IServiceProvider Services => _application.Services;

    public static async Task<StoringHost> StartAsync(string file, Action<JanusEventsBuilder>? add = null, params (string Key, string Value)[] settings)
    {
        int port = FreePort.Next();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        JanusEventsBuilder events = builder.Services.AddJanusEvents().AddSqlite($"Data Source={file}").AddMonitoring();
        add?.Invoke(events);
        WebApplication application = builder.Build();
        application.MapJanusEvents("/janus/events");
        await application.StartAsync();
        return new StoringHost(application, new Uri($"http://127.0.0.1:{port}/janus/events"), file);
    }

    public Task<List<Trouble>> TroublesAsync() => Services.GetRequiredService<ITroubleStore>().ReadAsync(new TroubleQuery()).ToListAsync().AsTask();

    public Task<List<PeerConnectionRecord>> RecordsAsync() =>
        Services.GetRequiredService<IPeerConnectionStore>().ReadAsync(new PeerConnectionQuery()).ToListAsync().AsTask();

    public Task<MonitoringRebuildResult> RebuildAsync() => Services.GetRequiredService<IMonitoringRebuild>().RebuildAsync();

    /// <summary>Hands over events as one body, and waits until it is stored.</summary>
    public async Task DeliverAsync(params IEnumerable<JanusEvent> events)
    {
        DeliveryResult result = await Services.GetRequiredService<IBodyDelivery>().DeliverAsync(ReceivedBody.FromEvents([.. events], DateTimeOffset.UtcNow), CancellationToken.None);
        result.Should().Be(DeliveryResult.Stored);
    }

    /// <summary>Stores so many events of another server that a host that starts afterwards follows these alone.</summary>
    public async Task BuryAsync()
    {
        DateTimeOffset at = DateTimeOffset.UtcNow;
        for (int body = 0; body < 11; body++)
        {
            await DeliverAsync(Enumerable.Range(0, 5_000).Select(i =>
                new SessionEvent { Emitter = "busy", Timestamp = at, SessionId = 1 + (body * 5_000) + i, Name = SessionStates.Destroyed }));
        }
    }

    /// <summary>Runs a statement on the file.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={_file};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
