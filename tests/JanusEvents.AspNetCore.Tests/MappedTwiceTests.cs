using System.Net;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>
/// What the framework would answer by itself from the first event on, with an error that Janus takes for a success: the host
/// does not start.
/// </summary>
public sealed class MappedTwiceTests
{
    public static TheoryData<string, Action<WebApplication>, string> Refused => new()
    {
        { "the same pattern", app => { app.MapJanusEvents("/janus/events"); app.MapJanusEvents("/janus/events"); }, "MapJanusEvents is called twice for \"/janus/events\":*POST*RequireHost*" },
        { "the default pattern", app => { app.MapJanusEvents(); app.MapJanusEvents("/janus/events", new JanusEventsEndpointOptions()); }, "*twice for \"/janus/events\"*" },
        { "a slash at the end", app => { app.MapJanusEvents("/janus/events"); app.MapJanusEvents("/janus/events/"); }, "*twice for \"/janus/events\" (and for \"/janus/events/\"*" },
        { "no slash at the beginning", app => { app.MapJanusEvents("/janus/events"); app.MapJanusEvents("janus/events"); }, "*twice*" },
        { "another case", app => { app.MapJanusEvents("/janus/events"); app.MapJanusEvents("/Janus/Events"); }, "*twice*" },
        { "parameters of two names", app => { app.MapJanusEvents("/janus/{name}"); app.MapJanusEvents("/janus/{server}"); }, "*twice for \"/janus/{name}\" (and for \"/janus/{server}\"*" },
        { "an optional parameter", app => { app.MapJanusEvents("/janus/{name}"); app.MapJanusEvents("/janus/{server?}"); }, "*twice*" },
        { "constraints that are the same", app => { app.MapJanusEvents("/janus/{a:int}"); app.MapJanusEvents("/janus/{b:int}"); }, "*twice*" },
        { "catch-alls", app => { app.MapJanusEvents("/janus/{*a}"); app.MapJanusEvents("/janus/{**b}"); }, "*twice*" },
        { "a group", app => { app.MapJanusEvents("/janus/events"); app.MapGroup("/janus").MapJanusEvents("/events"); }, "*twice for \"/janus/events\"*" },
        { "a group first", app => { app.MapGroup("/janus").MapJanusEvents("/events"); app.MapJanusEvents("/janus/events"); }, "*twice*" },
        { "the same pattern in one group", app => { RouteGroupBuilder group = app.MapGroup("/a"); group.MapJanusEvents("/b"); group.MapJanusEvents("/b"); }, "*twice for \"/a/b\"*" },
        { "two groups", app => { app.MapGroup("/a").MapJanusEvents("/b/c"); app.MapGroup("/a/b").MapJanusEvents("/c"); }, "*twice for \"/a/b/c\"*" },
        { "groups in groups", app => { app.MapGroup("/a").MapGroup("/b").MapJanusEvents("c"); app.MapGroup("").MapGroup("/a/b/c").MapJanusEvents(""); }, "*twice for \"/a/b/c\"*" },
        { "one host of two", app => { app.MapJanusEvents().RequireHost("a.example", "b.example"); app.MapJanusEvents().RequireHost("B.example"); }, "*twice*" },
        { "a POST of the host's", app => { app.MapJanusEvents("/janus/events"); app.MapPost("/Janus/Events/", () => "mine"); }, "MapJanusEvents maps \"/janus/events\", and so does another endpoint of the application (HTTP: POST /Janus/Events/*): every POST*500*" },
        { "a POST of the host's that is mapped first", app => { app.MapPost("/janus/events", () => "mine"); app.MapJanusEvents("/janus/events"); }, "*another endpoint*" },
        { "a POST of the host's in a group", app => { app.MapGroup("/janus").MapPost("/events", () => "mine"); app.MapJanusEvents("/janus/events"); }, "*another endpoint*" },
        { "a POST of the host's that takes JSON", app => { app.MapJanusEvents("/janus/events"); app.MapPost("/janus/events", (Body body) => body.Name); }, "*another endpoint*" },
        { "several methods of the host's", app => { app.MapJanusEvents("/janus/events"); app.MapMethods("/janus/events", ["PUT", "POST"], () => "mine"); }, "*another endpoint*" },
        { "WebSocket endpoints", app => { app.MapJanusEventsWebSocket("/ws"); app.MapGroup("/ws").MapJanusEventsWebSocket(""); }, "MapJanusEventsWebSocket is called twice for \"/ws\"*" },
        { "a GET of the host's at that of a WebSocket endpoint", app => { app.MapJanusEventsWebSocket("/ws"); app.MapGet("/ws", () => "mine"); }, "MapJanusEventsWebSocket maps \"/ws\"*another endpoint*every GET*" },
        { "a GET of the host's in the place of the status page", app => { app.MapJanusEvents("/a"); app.MapGet("/a", () => "mine").WithOrder(1); }, "*another endpoint*every GET*" },
    };

    public static TheoryData<string, Action<WebApplication>> Allowed => new()
    {
        { "two patterns", app => { app.MapJanusEvents("/janus/events"); app.MapJanusEvents("/a"); } },
        { "a pattern beside a more general one", app => { app.MapJanusEvents("/janus/events"); app.MapJanusEvents("/janus/{name}"); app.MapJanusEvents("/{**all}"); } },
        { "two hosts", app => { app.MapJanusEvents().RequireHost("127.0.0.1"); app.MapJanusEvents().RequireHost("b.example"); } },
        { "two ports of a host", app => { app.MapJanusEvents().RequireHost("*:1"); app.MapJanusEvents().RequireHost("*:2"); app.MapJanusEvents(); } },
        { "a host and all others", app => { app.MapJanusEvents().RequireHost("b.example"); app.MapJanusEvents(); } },
        { "other methods of the host's", app => { app.MapJanusEvents(); app.MapPut("/janus/events", () => "mine"); app.MapDelete("/janus/events", () => "mine"); } },
        { "a page of the host's", app => { app.MapJanusEvents(); app.MapGet("/janus/events", () => "mine"); } },
        { "a catch-all of the host's", app => { app.MapJanusEvents(); app.MapPost("/{**all}", () => "mine"); app.MapPost("/janus/{name}", () => "mine"); } },
        { "a fallback", app => { app.MapJanusEvents(); app.MapFallback(() => "mine"); app.MapFallback("/janus/events", () => "mine"); } },
        { "an endpoint for any method", app => { app.MapJanusEvents(); app.Map("/janus/events", () => "mine"); } },
        { "a form at the same address", app => { app.MapJanusEvents(); app.MapPost("/janus/events", (IFormFile file) => file.Name).DisableAntiforgery(); } },
        { "constraints of two kinds", app => { app.MapJanusEvents(); app.MapJanusEvents("/j/{a:int}"); app.MapJanusEvents("/j/{a:alpha}"); } },
        { "a WebSocket and a POST endpoint", app => { app.MapJanusEvents(); app.MapJanusEventsWebSocket("/janus/events"); } },
        { "a pipeline of another port, with routing of its own", app =>
            {
                app.MapJanusEvents();
                app.MapWhen(context => context.Connection.LocalPort == 1, other =>
                {
                    other.UseRouting();
                    other.UseEndpoints(endpoints => endpoints.MapJanusEvents());
                });
            }
        },
    };

    public static TheoryData<string, Action<WebApplication>, string> Unhandled => new()
    {
        { "authorization without services", app => app.MapJanusEvents().RequireAuthorization(), "*\"/janus/events\" (MapJanusEvents) has RequireAuthorization*builder.Services.AddAuthorization()*" },
        { "authorization of a group without services", app => app.MapGroup("/a").RequireAuthorization().MapJanusEvents(), "*\"/a/janus/events\"*AddAuthorization()*" },
        { "authorization of a WebSocket endpoint without services", app => app.MapJanusEventsWebSocket().RequireAuthorization(), "*(MapJanusEventsWebSocket) has RequireAuthorization*" },
        { "CORS without services", app => app.MapJanusEvents().RequireCors("all"), "*has RequireCors*AddCors()*" },
        { "an endpoint of the host's that cannot be built", app => { app.MapJanusEvents(); app.MapGet("/other", (Body body) => body.Name); }, "*Body was inferred*" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_host_in_which_two_endpoints_match_does_not_start(string what, Action<WebApplication> map, string message)
    {
        await using WebApplication app = Build(map);

        Func<Task> start = () => app.StartAsync();

        await start.Should().ThrowAsync<InvalidOperationException>(what).WithMessage(message);
        app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested.Should().BeFalse();
        app.Urls.Should().BeEmpty("the server was not started");
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Endpoints_that_routing_tells_apart_are_no_misuse(string what, Action<WebApplication> map)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: map);

        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK, what);

        host.Sink.Events.Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Unhandled))]
    public async Task A_host_whose_endpoints_would_be_answered_500_does_not_start(string what, Action<WebApplication> map, string message)
    {
        await using WebApplication app = Build(map);

        Func<Task> start = () => app.StartAsync();

        await start.Should().ThrowAsync<InvalidOperationException>(what).WithMessage(message);
    }

    [Fact]
    public async Task A_policy_that_is_missing_keeps_the_host_from_starting()
    {
        await using WebApplication app = Build(
            app => app.MapJanusEvents().RequireAuthorization("senders"),
            services => services.AddAuthorization());

        Func<Task> start = () => app.StartAsync();

        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage("*\"/janus/events\"*AddAuthorization(…)*senders*");
    }

    [Fact]
    public async Task A_policy_that_is_there_and_CORS_with_its_middleware_are_no_misuse()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder =>
            {
                builder.Services.AddAuthorization(options => options.AddPolicy("senders", policy => policy.RequireAssertion(_ => true)));
                builder.Services.AddCors();
            },
            map: app =>
            {
                app.UseCors();
                app.MapJanusEvents().RequireAuthorization("senders").RequireCors(policy => policy.AllowAnyOrigin());
            });

        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_order_of_the_hosts_own_decides_between_two()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents();
            app.MapPost("/janus/events", () => "mine").WithOrder(1);
        });

        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_with_a_Startup_class_does_not_stay_up_either(bool inGroup)
    {
        using IHost host = StartupHost(endpoints =>
        {
            (inGroup ? endpoints.MapGroup("/janus") : endpoints).MapJanusEvents(inGroup ? "/events" : "/janus/events");
            endpoints.MapJanusEvents("/janus/events");
        });

        Func<Task> start = () => host.StartAsync();

        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage("*twice for \"/janus/events\"*");
    }

    [Fact]
    public async Task A_host_with_a_Startup_class_and_one_endpoint_starts()
    {
        EndpointSink sink = new();
        using IHost host = StartupHost(endpoints => endpoints.MapGroup("/a").MapJanusEvents(), sink);

        await host.StartAsync();

        using HttpClient http = new();
        Uri address = new(host.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
            .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First());
        (await http.PostAsync(new Uri(address, "/a/janus/events"), new StringContent(EndpointHost.OneEvent))).StatusCode.Should().Be(HttpStatusCode.OK);
        await host.StopAsync();
        sink.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task What_an_endpoint_filter_throws_is_not_answered()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => app.MapJanusEvents().AddEndpointFilter(async (context, next) =>
            context.HttpContext.Request.Headers.ContainsKey("X-Fail") ? throw new InvalidOperationException("the filter fails") : await next(context)));

        Func<Task> post = () => host.PostAsync(new StringContent(EndpointHost.OneEvent) { Headers = { { "X-Fail", "1" } } });

        await post.Should().ThrowAsync<HttpRequestException>();
        host.Log.OfId(3006).Should().ContainSingle().Which.Message.Should().Contain("the filter fails");
        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task An_output_cache_in_front_answers_no_POST()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddOutputCache(),
            map: app =>
            {
                app.UseOutputCache();
                app.MapJanusEvents().CacheOutput();
            });

        for (int i = 0; i < 2; i++)
            (await host.PostAsync(WebSocketSender.Group(i))).StatusCode.Should().Be(HttpStatusCode.OK);

        host.Sink.Events.Should().HaveCount(2);
    }

    [Fact]
    public async Task An_antiforgery_middleware_in_front_makes_no_difference()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddAntiforgery(),
            map: app =>
            {
                app.UseAntiforgery();
                app.MapJanusEvents();
            });

        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Sink.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Authorization_whose_middleware_runs_before_routing_loses_everything()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddAuthorization(options => options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build()),
            map: app =>
            {
                app.UseAuthorization();
                app.UseRouting();
                app.MapJanusEvents().RequireAuthorization();
            });

        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.InternalServerError, "docs/delivery.md says so");
        host.Sink.Begun.Should().Be(0);
    }

    [Fact]
    public async Task Allowed_hosts_that_lack_the_name_that_Janus_uses_lose_everything()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddHostFiltering(options => options.AllowedHosts = ["media.example"]),
            map: app =>
            {
                app.UseHostFiltering();
                app.MapJanusEvents();
            });

        (await host.PostAsync(EndpointHost.OneEvent)).StatusCode.Should().Be(HttpStatusCode.BadRequest, "docs/delivery.md says so");
        host.Sink.Begun.Should().Be(0);
    }

    private static WebApplication Build(Action<WebApplication> map, Action<IServiceCollection>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        configure?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        map(app);
        return app;
    }

    private static IHost StartupHost(Action<IEndpointRouteBuilder> map, EndpointSink? sink = null) => new HostBuilder()
        .ConfigureWebHost(web => web
            .UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0))
            .ConfigureServices(services =>
            {
                services.AddRouting();
                services.AddJanusEvents().AddSink(sink ?? new EndpointSink());
            })
            .Configure(app =>
            {
                app.UseRouting();
                app.UseEndpoints(map);
            }))
        .Build();

    private sealed record Body(string Name);
}
