using System.Net;
using JanusEvents.AspNetCore.Status;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>Who may see the status page of an endpoint that has no credentials.</summary>
public sealed class StatusAccessTests
{
    private const string Path = "/janus/events";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:99")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    public async Task A_caller_on_this_machine_sees_it(string name)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage got = await GetAsync(host, ("Host", name));

        got.StatusCode.Should().Be(HttpStatusCode.OK);
        (await got.Content.ReadAsStringAsync()).Should().Contain("Up since");
    }

    [Theory]
    [InlineData("Host", "media.example")]
    [InlineData("Host", "localhost.attacker.example")]
    [InlineData("Host", "127.0.0.1.attacker.example")]
    [InlineData("Host", "192.0.2.7:8080")]
    [InlineData("Forwarded", "for=192.0.2.7")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("x-forwarded-host", "localhost")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Original-For", "127.0.0.1:1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Under_another_name_or_through_a_proxy_it_is_refused_in_one_sentence(string header, string value)
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        await host.PostAsync(EndpointHost.OneEvent);

        using HttpResponseMessage got = await GetAsync(host, (header, value));

        await ShouldBeRefusedAsync(got);
        using HttpResponseMessage posted = await host.PostAsync(EndpointHost.OneEvent);
        posted.StatusCode.Should().Be(HttpStatusCode.OK, "who posts is another question");
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData("::ffff:192.0.2.7", false)]
    [InlineData("fe80::1", false)]
    [InlineData(null, false)]
    public void The_connection_must_come_from_this_machine(string? address, bool isLocal)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Host = "localhost";
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);

        StatusAccess.IsLocal(context).Should().Be(isLocal);
    }

    [Fact]
    public async Task Credentials_open_it_to_those_who_have_them()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { UserName = "janus", Password = "s3cret" });

        using HttpResponseMessage got = await GetAsync(host, ("Host", "media.example"), ("Authorization", EndpointHost.Basic("janus:s3cret")));

        got.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Authorization_of_the_endpoint_or_of_the_whole_host_opens_it_to_those_who_are_let_in(bool ofTheEndpoint)
    {
        await using EndpointHost host = await StartAsync(
            authorization => authorization.FallbackPolicy = ofTheEndpoint ? null : new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build(),
            app =>
            {
                IEndpointConventionBuilder events = app.MapJanusEvents(Path);
                if (ofTheEndpoint)
                    events.RequireAuthorization();
            });

        using HttpResponseMessage known = await GetAsync(host, ("Host", "media.example"), ("X-User", "somebody"));
        using HttpResponseMessage unknown = await GetAsync(host, ("Host", "media.example"));

        known.StatusCode.Should().Be(HttpStatusCode.OK);
        (await known.Content.ReadAsStringAsync()).Should().Contain("Up since");
        unknown.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_endpoint_that_is_taken_out_of_the_hosts_authorization_is_for_this_machine_only()
    {
        await using EndpointHost host = await StartAsync(
            authorization => authorization.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build(),
            app => app.MapJanusEvents(Path).AllowAnonymous());

        using HttpResponseMessage known = await GetAsync(host, ("Host", "media.example"), ("X-User", "somebody"));

        await ShouldBeRefusedAsync(known);
    }

    [Fact]
    public async Task Authorization_that_nothing_in_the_host_asks_for_opens_it_to_nobody()
    {
        await using EndpointHost host = await StartAsync(_ => { }, app => app.MapJanusEvents(Path));

        using HttpResponseMessage known = await GetAsync(host, ("Host", "media.example"), ("X-User", "somebody"));

        await ShouldBeRefusedAsync(known);
    }

    [Fact]
    public async Task HEAD_is_refused_as_well()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Head, new Uri(host.Address, Path)) { Headers = { Host = "media.example" } };

        using HttpResponseMessage got = await http.SendAsync(request);

        got.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage got)
    {
        got.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        got.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        got.Headers.CacheControl!.NoStore.Should().BeTrue();
        string text = await got.Content.ReadAsStringAsync();
        text.TrimEnd().Should().NotContain("\n").And.EndWith(".").And.Contain("JanusEvents:UserName").And.Contain("RequireAuthorization");
    }

    private static Task<EndpointHost> StartAsync(Action<AuthorizationOptions> authorize, Action<WebApplication> map) => EndpointHost.StartAsync(
        configure: builder =>
        {
            builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
            builder.Services.AddAuthorization(authorize);
        },
        map: map);

    private static async Task<HttpResponseMessage> GetAsync(EndpointHost host, params (string Name, string Value)[] headers)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(host.Address, Path));
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }
}
