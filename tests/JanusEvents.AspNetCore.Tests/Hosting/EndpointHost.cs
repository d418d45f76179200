using System.Net;
using System.Text;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>A host with an endpoint at /janus/events, on a real Kestrel with free loopback ports, one of them HTTP/2 only.</summary>
internal sealed class EndpointHost : IAsyncDisposable
{
    public const string OneEvent = """[{"emitter":"a-janus","type":1,"timestamp":1795323726312012,"session_id":11,"event":{"name":"created"}}]""";

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private EndpointHost(WebApplication app, EndpointSink sink, RecordingLog log)
    {
        _app = app;
        Sink = sink;
        Log = log;
        Uri[] addresses = [.. app.Urls.Select(url => new Uri(url))];
        Address = addresses[0];
        Http2Address = addresses[1];
    }

    public EndpointSink Sink { get; }

    public RecordingLog Log { get; }

    public Uri Address { get; }

    public Uri Http2Address { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<EndpointHost> StartAsync(
        JanusEventsEndpointOptions? options = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null)
    {
        EndpointSink sink = new();
        RecordingLog log = new();
        WebApplicationBuilder builder = NewBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddJanusEvents(o => o.RetryDelay = TimeSpan.FromMilliseconds(20)).AddSink(sink);
        builder.Services.AddSingleton<TakenBodies>().AddSingleton<IBodyDelivery>(services => services.GetRequiredService<TakenBodies>());
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        if (map is not null)
            map(app);
        else
            app.MapJanusEvents("/janus/events", options ?? new JanusEventsEndpointOptions());
        await app.StartAsync();
        return new EndpointHost(app, sink, log);
    }

    public static WebApplicationBuilder NewBuilder()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        return builder;
    }

    public Task<HttpResponseMessage> PostAsync(string body, string path = "/janus/events", string? userName = null, string? password = null) =>
        PostAsync(new ByteArrayContent(Encoding.UTF8.GetBytes(body)), path, userName, password);

    public Task<HttpResponseMessage> PostAsync(byte[] body, string? contentEncoding = null, string? contentType = null)
    {
        ByteArrayContent content = new(body);
        if (contentEncoding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", contentEncoding);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return PostAsync(content);
    }

    public async Task<HttpResponseMessage> PostAsync(
        HttpContent content,
        string path = "/janus/events",
        string? userName = null,
        string? password = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Address, path)) { Content = content };
        if (userName is not null)
            request.Headers.TryAddWithoutValidation("Authorization", Basic($"{userName}:{password}"));
        return await _http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> PostHttp2Async(HttpContent content)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Http2Address, "/janus/events"))
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await _http.SendAsync(request);
    }

    public Task<string> GetPageAsync(string path) => _http.GetStringAsync(new Uri(Address, path));

    /// <summary>Waits until the delivery has taken that many bodies since the start.</summary>
    public Task UntilBodiesAreTakenAsync(int count) =>
        Wait.UntilAsync(() => Services.GetRequiredService<TakenBodies>().Count >= count, Wait.Limit, $"{count} bodies to be taken");

    public Task StopAsync() => _app.StopAsync();

    public static string Basic(string userNameAndPassword) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(userNameAndPassword))}";

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Sink.Release();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
