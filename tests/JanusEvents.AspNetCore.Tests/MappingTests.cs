using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using JanusEvents.AspNetCore.Mapping;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>Mapping the endpoint: what it checks, and what can be added to it.</summary>
public sealed class MappingTests
{
    [Fact]
    public void Without_AddJanusEvents_it_says_what_to_call()
    {
        using WebApplication app = EndpointHost.NewBuilder().Build();

        Action map = () => app.MapJanusEvents();

        map.Should().Throw<InvalidOperationException>().WithMessage("*builder.Services.AddJanusEvents()*");
    }

    [Fact]
    public void Without_a_sink_it_says_what_to_call()
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Services.AddJanusEvents();
        using WebApplication app = builder.Build();

        Action map = () => app.MapJanusEvents();

        map.Should().Throw<InvalidOperationException>().WithMessage("*AddSqlite(…), AddMySql(…) or AddSink<T>()*");
    }

    [Theory]
    [InlineData(0, 8, "MaxBodyBytes is 0; it must be 1 to *")]
    [InlineData(-5, 8, "MaxBodyBytes is -5; it must be 1 to *")]
    [InlineData(long.MaxValue, 8, "MaxBodyBytes is 9223372036854775807; it must be 1 to *")]
    [InlineData(1, 0, "AnswerTimeout is 00:00:00; it must be more than zero and less than 00:00:10*")]
    [InlineData(1, 10, "AnswerTimeout is 00:00:10; it must be more than zero and less than 00:00:10*")]
    public void Limits_out_of_range_are_an_error_at_start(long maxBodyBytes, int answerSeconds, string message)
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        using WebApplication app = builder.Build();
        JanusEventsEndpointOptions options = new() { MaxBodyBytes = maxBodyBytes, AnswerTimeout = TimeSpan.FromSeconds(answerSeconds) };

        Action map = () => app.MapJanusEvents("/janus/events", options);

        map.Should().Throw<OptionsValidationException>().WithMessage($"*{message}");
    }

    [Fact]
    public void Configured_limits_out_of_range_are_an_error_at_start()
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        builder.Services.Configure<JanusEventsEndpointOptions>(options => options.MaxBodyBytes = 0);
        using WebApplication app = builder.Build();

        Action map = () => app.MapJanusEvents();

        map.Should().Throw<OptionsValidationException>();
    }

    [Fact]
    public async Task Too_little_memory_is_an_error_at_start()
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Services.AddJanusEvents(options => options.MaxBytesInMemory = 1000).AddSink(new EndpointSink());

        Func<Task> start = async () =>
        {
            await using WebApplication app = builder.Build();
            app.MapJanusEvents();
            await app.StartAsync();
        };

        await start.Should().ThrowAsync<OptionsValidationException>().WithMessage("*MaxBytesInMemory is 1000*");
    }

    [Fact]
    public async Task Only_POST_is_taken()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        using HttpClient http = new();

        (await http.PutAsync(new Uri(host.Address, "/janus/events"), new StringContent("[]"))).StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_default_pattern_is_janus_events()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => app.MapJanusEvents());

        (await host.PostAsync("[]", "/janus/events")).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.DisplayName)
            .Should().Equal("Janus events: POST /janus/events", "Janus events: GET /janus/events");
    }

    [Fact]
    public async Task It_works_inside_a_group()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => app.MapGroup("/media").MapJanusEvents("/janus"));

        (await host.PostAsync("[]", "/media/janus")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Authorization_can_be_required()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder =>
            {
                builder.Services.AddAuthentication("Key").AddScheme<AuthenticationSchemeOptions, KeyScheme>("Key", null);
                builder.Services.AddAuthorization();
            },
            map: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapJanusEvents().RequireAuthorization();
            });

        (await host.PostAsync("[]")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        host.Sink.Begun.Should().Be(0);
        (await host.PostAsync(new StringContent("[]") { Headers = { { "X-Key", "1" } } })).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_host_name_can_be_required()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => app.MapJanusEvents().RequireHost("events.example"));
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync("POST /janus/events HTTP/1.1\r\nHost: events.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]");

        (await host.PostAsync("[]")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await connection.ReadToEndAsync()).Should().StartWith("HTTP/1.1 200 ");
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", null, true)]
    [InlineData("http://0.0.0.0:0", "janus", false)]
    [InlineData("http://127.0.0.1:0", null, false)]
    public async Task An_endpoint_that_is_open_to_other_machines_is_warned_of_once(string url, string? userName, bool warned)
    {
        using RecordingLog log = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls(url);
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        await using WebApplication app = builder.Build();
        app.MapJanusEvents("/janus/events", new JanusEventsEndpointOptions { UserName = userName, Password = userName is null ? null : "secret" });

        await app.StartAsync();
        await app.StopAsync();

        LogEntry[] warnings = [.. log.OfId(3008)];
        warnings.Should().HaveCount(warned ? 1 : 0);
        foreach (LogEntry warning in warnings)
        {
            warning.Level.Should().Be(LogLevel.Warning);
            warning.Message.Should().Contain("http://0.0.0.0:").And.Contain("/janus/events");
        }
    }

    [Fact]
    public async Task An_endpoint_with_authorization_is_not_warned_of()
    {
        using RecordingLog log = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://0.0.0.0:0");
        builder.Services.AddAuthorization();
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        await using WebApplication app = builder.Build();
        app.MapJanusEvents().RequireAuthorization();

        await app.StartAsync();
        await app.StopAsync();

        log.OfId(3008).Should().BeEmpty();
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.1.2.3:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("https://localhost:8080", true)]
    [InlineData("http://unix:/tmp/socket", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://192.0.2.1:8080", false)]
    [InlineData("http://media.example:8080", false)]
    public void Loopback_addresses_are_known(string address, bool isLoopback) =>
        OpenEndpointWarning.IsLoopback(address).Should().Be(isLoopback);

    private sealed class KeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.ContainsKey("X-Key")
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("Key")), "Key"))
                : AuthenticateResult.NoResult());
    }
}
