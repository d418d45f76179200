using System.Text;
using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Dashboard.Tests;

/// <summary>
/// The sample host as a process, one for all tests of a class: each names its Janus server for itself and looks at nothing else. Expected
/// values come from the recordings, from the page's data, or from its SQLite file.
/// </summary>
public sealed class SampleHostFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private SampleHostProcess? _host;
    private IHost? _reader;

    /// <summary>Where it listens.</summary>
    public Uri Url => _host!.Url;

    /// <summary>What it has printed.</summary>
    public string Output => _host!.Output;

    /// <summary>Its SQLite file, read by the library.</summary>
    public IPeerConnectionStore Records => _reader!.Services.GetRequiredService<IPeerConnectionStore>();

    private Uri Events => new(Url, "/janus/events");

    public async ValueTask InitializeAsync()
    {
        if (Machine.WhatIsMissing(Capabilities.Chromium) is not null)
            return;
        _host = await SampleHostProcess.StartAsync(_folder.Path);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddJanusEvents().AddSqlite($"Data Source={_folder["janusevents.db"]}");
        _reader = builder.Build();
    }

    /// <summary>Sends a recording as that of a server.</summary>
    internal Task SendAsync(string recording, string server, TimeSpan? until = null) =>
        RecordedCalls.SendAsync(_http, Events, recording, change: body => body.Replace("janus-capture-1", server, StringComparison.Ordinal), until: until);

    /// <summary>Sends one body.</summary>
    internal async Task PostAsync(string json)
    {
        using StringContent body = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(Events, body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What the page's data has at an address.</summary>
    internal async Task<JsonElement> DataAsync(string address) => JsonDocument.Parse(await _http.GetStringAsync(new Uri(Url, $"/janus/data/{address}"))).RootElement;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _reader?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        _folder.Dispose();
    }
}
