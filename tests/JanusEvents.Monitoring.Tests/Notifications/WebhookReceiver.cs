using System.Collections.Concurrent;
using System.Net;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>A real server that receives webhooks, and answers as a test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Received> _all = [];
    private readonly ConcurrentQueue<Action<HttpResponse>> _answers = [];

    private WebhookReceiver(WebApplication application) => _application = application;

    public string Url { get; private init; } = "";

    public IReadOnlyList<Received> All => [.. _all];

    /// <summary>How the next requests are answered, one each; further ones with 204.</summary>
    public void Answer(int status, params (string Name, string Value)[] headers) => _answers.Enqueue(response =>
    {
        response.StatusCode = status;
        foreach ((string name, string value) in headers)
            response.Headers[name] = value;
    });

    public static async Task<WebhookReceiver> StartAsync()
    {
        int port = FreePort.Next();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        WebApplication application = builder.Build();
        WebhookReceiver receiver = new(application) { Url = $"http://127.0.0.1:{port}/hook" };
        application.Run(receiver.ReceiveAsync);
        await application.StartAsync();
        return receiver;
    }

    public async Task<Received> NextAsync(int number)
    {
        await Wait.UntilAsync(() => _all.Count >= number, Wait.Limit, $"request {number}");
        return All[number - 1];
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        _all.Enqueue(new Received(
            context.Request.Path,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        context.Response.StatusCode = 204;
        if (_answers.TryDequeue(out Action<HttpResponse>? answer))
            answer(context.Response);
    }

    internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Body);
    }
}
