using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Encodings.Web;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>The POST endpoint, its status page and the WebSocket endpoint at one address.</summary>
public sealed class OnePathTests
{
    private const string Path = "/janus/events";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_three_work_at_one_address_whichever_is_mapped_first(bool webSocketFirst)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => Map(app, webSocketFirst));
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host, path: Path);

        Task[] sending =
        [
            .. Enumerable.Range(0, 20).Select(async n => (await host.PostAsync(WebSocketSender.Group(1_000 + n))).StatusCode.Should().Be(HttpStatusCode.OK)),
            Task.Run(async () =>
            {
                for (int n = 0; n < 20; n++)
                    await sender.SendAsync(WebSocketSender.Group(n));
            }),
            .. Enumerable.Range(0, 5).Select(async _ => (await host.GetPageAsync(Path)).Should().StartWith("JanusEvents at http://127.0.0.1:")),
        ];
        await Task.WhenAll(sending);

        await Wait.UntilAsync(() => host.Sink.Events.Count() == 40, Wait.Limit, "all to be stored");
        host.Sink.Events.Select(e => e.SessionId!.Value).Where(id => id < 1_000).Should().Equal(Enumerable.Range(0, 20).Select(n => (long)n));
        (await host.GetPageAsync(Path)).Should().MatchRegex("events +40");
        using HttpClient http = new();
        (await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(host.Address, Path)))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_group_and_with_parameters_too(bool webSocketFirst)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => Map(app.MapGroup("/media"), webSocketFirst, "/{server}/Events", "{name}/events/"));
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host, path: "/media/a/events");

        await sender.SendAsync(WebSocketSender.Group(1));
        (await host.PostAsync(WebSocketSender.Group(2), "/media/b/events")).StatusCode.Should().Be(HttpStatusCode.OK);

        await Wait.UntilAsync(() => host.Sink.Events.Count() == 2, Wait.Limit, "both to be stored");
        (await host.GetPageAsync("/media/c/events")).Should().StartWith("JanusEvents at");
    }

    [Fact]
    public async Task Without_a_page_a_GET_that_is_no_WebSocket_is_told_so()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents(Path, new JanusEventsEndpointOptions { StatusPage = false });
            app.MapJanusEventsWebSocket(Path);
            app.MapJanusEvents("/elsewhere");
        });
        using HttpClient http = new();

        (await http.GetAsync(new Uri(host.Address, Path))).StatusCode.Should().Be(HttpStatusCode.UpgradeRequired);
    }

    [Fact]
    public async Task The_page_asks_for_the_credentials_of_its_own_endpoint()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents(Path, new JanusEventsEndpointOptions { UserName = "janus", Password = "secret" });
            app.MapJanusEventsWebSocket(Path);
        });
        using HttpClient http = new();
        Uri page = new(host.Address, Path);

        (await http.GetAsync(page)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(EndpointHost.Basic("janus:secret"));
        (await http.GetAsync(page)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_is_shown_only_to_those_whom_its_own_authorization_lets_in(bool webSocketIsOpen)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder =>
            {
                builder.Services.AddAuthentication("Key").AddScheme<AuthenticationSchemeOptions, KeyScheme>("Key", null);
                builder.Services.AddAuthorization(options =>
                {
                    options.AddPolicy("readers", policy => policy.RequireClaim("reader"));
                    options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
                });
            },
            map: app =>
            {
                app.MapJanusEvents(Path).RequireAuthorization("readers");
                IEndpointConventionBuilder webSocket = app.MapJanusEventsWebSocket(Path);
                if (webSocketIsOpen)
                    webSocket.WithMetadata(new AllowAnonymousAttribute());
            });

        (await StatusOf(null)).Should().Be(webSocketIsOpen ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized);
        (await StatusOf("somebody")).Should().Be(HttpStatusCode.Forbidden);
        (await StatusOf("reader")).Should().Be(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusOf(string? key)
        {
            using HttpClient http = new();
            if (key is not null)
                http.DefaultRequestHeaders.Add("X-Key", key);
            return (await http.GetAsync(new Uri(host.Address, Path))).StatusCode;
        }
    }

    [Fact]
    public async Task Pages_of_two_hosts_at_one_address_are_told_apart()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents(Path, new JanusEventsEndpointOptions { UserName = "janus", Password = "secret" }).RequireHost("other.example");
            app.MapJanusEvents(Path).RequireHost("127.0.0.1");
            app.MapJanusEventsWebSocket(Path);
        });
        using HttpClient http = new();
        HttpRequestMessage other = new(HttpMethod.Get, new Uri(host.Address, Path)) { Headers = { Host = "other.example" } };

        (await http.SendAsync(other)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await http.GetAsync(new Uri(host.Address, Path))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("*:1", false)]
    [InlineData("*.example", true)]
    [InlineData("*.example.org", false)]
    [InlineData("media.example:1", false)]
    [InlineData("MEDIA.example", true)]
    [InlineData("*", true)]
    [InlineData("*:{port}", true)]
    [InlineData("media.example:{port}", true)]
    public async Task A_page_that_is_for_certain_hosts_is_shown_to_no_others(string required, bool shown)
    {
        int port = FreePort.Next();
        await using WebApplication app = await StartOnAsync(port, app =>
        {
            app.MapJanusEventsWebSocket(Path);
            app.MapJanusEvents(Path, new JanusEventsEndpointOptions { UserName = "janus", Password = "secret" })
                .RequireHost(required.Replace("{port}", $"{port}", StringComparison.Ordinal));
        });
        using HttpClient http = new();
        HttpRequestMessage get = new(HttpMethod.Get, $"http://127.0.0.1:{port}{Path}") { Headers = { Host = $"media.example:{port}" } };

        (await http.SendAsync(get)).StatusCode.Should().Be(shown ? HttpStatusCode.Unauthorized : HttpStatusCode.UpgradeRequired);
    }

    private static async Task<WebApplication> StartOnAsync(int port, Action<WebApplication> map)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static void Map(
        Microsoft.AspNetCore.Routing.IEndpointRouteBuilder endpoints, bool webSocketFirst, string post = Path, string webSocket = Path)
    {
        if (webSocketFirst)
            endpoints.MapJanusEventsWebSocket(webSocket);
        endpoints.MapJanusEvents(post);
        if (!webSocketFirst)
            endpoints.MapJanusEventsWebSocket(webSocket);
    }

    private sealed class KeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Key"] is [{ } key]
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(key, "")], "Key")), "Key"))
                : AuthenticateResult.NoResult());
    }
}
