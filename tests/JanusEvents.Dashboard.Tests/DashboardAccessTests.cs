using System.Net;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Dashboard.Tests;

/// <summary>Who may see the page, its files, its data and its streams.</summary>
public sealed class DashboardAccessTests
{
    public static TheoryData<string> Paths => [.. new[] { "/janus/", "/janus", "/janus/data/view?view=overview", "/janus/data/texts", "/janus/live?view=overview", "/janus/a/x/app.js" }];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Without_authorization_a_caller_on_this_machine_sees_it(string path)
    {
        await using DashboardHost host = await DashboardHost.StartAsync();

        using HttpResponseMessage got = await host.GetAsync(path, ("Host", "localhost"));

        got.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.TemporaryRedirect);
    }

    [Theory]
    [InlineData("Host", "media.example")]
    [InlineData("Host", "localhost.attacker.example")]
    [InlineData("Host", "192.0.2.7:8080")]
    [InlineData("Forwarded", "for=192.0.2.7")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Under_another_name_or_through_a_proxy_it_is_refused_with_the_fix(string header, string value)
    {
        await using DashboardHost host = await DashboardHost.StartAsync();

        foreach (string path in Paths.Select(row => row.Data))
        {
            using HttpResponseMessage got = await host.GetAsync(path, (header, value));

            got.StatusCode.Should().Be(HttpStatusCode.Forbidden, path);
            (await got.Content.ReadAsStringAsync()).Should().Contain(".RequireAuthorization()").And.Contain("fallback policy");
            got.Headers.CacheControl!.NoStore.Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Authorization_of_the_page_or_of_the_whole_host_decides_alone(bool ofThePage)
    {
        await using DashboardHost host = await StartAsync(
            authorization => authorization.FallbackPolicy = ofThePage ? null : new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build(),
            app =>
            {
                IEndpointConventionBuilder page = app.MapJanusDashboard();
                if (ofThePage)
                    page.RequireAuthorization();
            });

        foreach (string path in Paths.Select(row => row.Data))
        {
            using HttpResponseMessage known = await host.GetAsync(path, ("Host", "media.example"), ("X-Forwarded-For", "192.0.2.7"), ("X-User", "somebody"));
            using HttpResponseMessage unknown = await host.GetAsync(path, ("Host", "localhost"));

            known.StatusCode.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.TemporaryRedirect], path);
            unknown.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "this machine is nothing special where there is authorization");
        }
    }

    [Fact]
    public async Task A_policy_that_a_user_does_not_meet_keeps_the_page_from_it()
    {
        await using DashboardHost host = await StartAsync(_ => { }, app => app.MapJanusDashboard().RequireAuthorization(policy => policy.RequireUserName("operator")));

        using HttpResponseMessage other = await host.GetAsync("/janus/", ("X-User", "somebody"));
        using HttpResponseMessage right = await host.GetAsync("/janus/", ("X-User", "operator"));

        other.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        right.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_page_that_is_taken_out_of_the_hosts_authorization_is_for_this_machine_only()
    {
        await using DashboardHost host = await StartAsync(
            authorization => authorization.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build(),
            app => app.MapJanusDashboard().AllowAnonymous());

        using HttpResponseMessage far = await host.GetAsync("/janus/", ("Host", "media.example"), ("X-User", "somebody"));
        using HttpResponseMessage near = await host.GetAsync("/janus/", ("Host", "localhost"));

        far.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        near.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Nothing_but_GET_is_answered(string method)
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(host.Address, "/janus/data/view"));

        using HttpResponseMessage got = await host.Http.SendAsync(request);

        got.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    private static Task<DashboardHost> StartAsync(Action<AuthorizationOptions> authorize, Action<WebApplication> map) => DashboardHost.StartAsync(
        services =>
        {
            services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
            services.AddAuthorization(authorize);
        },
        map);
}
