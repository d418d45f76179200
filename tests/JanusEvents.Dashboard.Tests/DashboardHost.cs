using System.Net;
using System.Text;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Dashboard.Tests;

/// <summary>A host of the dashboard on a free loopback port, with a SQLite store in a folder of its own.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private DashboardHost()
    {
    }

    public required WebApplication App { get; init; }

    public Uri Address => new(App.Urls.First());

    public HttpClient Http => _http;

    public static async Task<DashboardHost> StartAsync(
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        TemporaryFolder folder = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Services.AddJanusEvents().AddSqlite($"Data Source={folder["events.db"]}").AddMonitoring();
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        if (map is null)
        {
            app.MapJanusEvents("/janus/events");
            app.MapJanusDashboard();
        }
        else
        {
            map(app);
        }

        await app.StartAsync();
        return new DashboardHost { App = app, Folder = folder };
    }

    public required TemporaryFolder Folder { get; init; }

    public async Task PostAsync(string json, string path = "/janus/events")
    {
        using StringContent body = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(Address, path), body);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Address, path));
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<string> TextAsync(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        answer.StatusCode.Should().Be(HttpStatusCode.OK, path);
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await App.DisposeAsync();
        Folder.Dispose();
    }
}
