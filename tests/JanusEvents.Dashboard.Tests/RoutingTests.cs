using System.Net;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Dashboard.Tests;

/// <summary>The page works wherever it is mapped, without an option: all its addresses are relative.</summary>
public sealed class RoutingTests
{
    [Theory]
    [InlineData("/janus", "/janus")]
    [InlineData("/janus/", "/janus")]
    [InlineData("/ops/janus", "/ops/janus")]
    [InlineData("/", "")]
    [InlineData("", "")]
    public async Task It_is_found_under_its_pattern(string pattern, string path)
    {
        await using DashboardHost host = await DashboardHost.StartAsync(map: app => app.MapJanusDashboard(pattern));

        await ShouldWorkAsync(host, path);
    }

    [Fact]
    public async Task It_works_in_a_group()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(map: app => app.MapGroup("/tools/{tenant}").MapJanusDashboard("/janus"));

        await ShouldWorkAsync(host, "/tools/acme/janus");
    }

    [Fact]
    public async Task It_works_under_a_path_base()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(map: app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapJanusDashboard("/janus");
        });

        await ShouldWorkAsync(host, "/base/janus");
    }

    [Fact]
    public async Task It_leaves_the_addresses_beside_it_to_the_endpoint_for_events()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(map: app =>
        {
            app.MapJanusEvents("/janus/events");
            app.MapJanusEventsWebSocket("/janus/events/ws");
            app.MapJanusDashboard("/janus");
        });

        await host.PostAsync("""{"type":256,"timestamp":1,"event":{"status":"started"}}""", "/janus/events");
        (await host.TextAsync("/janus/events")).Should().Contain("Up since");
        await ShouldWorkAsync(host, "/janus");
        (await host.TextAsync("/janus/data/view?view=feed")).Should().Contain("/janus/events");
    }

    [TheoryNeeding(Capabilities.ReverseProxies)]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task It_works_behind_a_proxy_that_takes_a_prefix_away(string kind)
    {
        await using DashboardHost host = await DashboardHost.StartAsync(
            services => services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build()),
            app =>
            {
                app.UseAuthorization();
                app.MapJanusEvents("/janus/events").AllowAnonymous();
                app.MapJanusDashboard("/janus");
            });
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(kind, host.Address);

        await ShouldWorkAsync(proxy.Address, host.Http, "/outer/janus");
    }

    private static Task ShouldWorkAsync(DashboardHost host, string path) => ShouldWorkAsync(host.Address, host.Http, path);

    private static async Task ShouldWorkAsync(Uri address, HttpClient http, string path)
    {
        Uri document = new(address, path + "/");
        if (path.Length > 0)
        {
            // Resolved as a browser does, against the address that it knows.
            using HttpResponseMessage moved = await http.GetAsync(new Uri(address, path + "?poll"));
            moved.StatusCode.Should().Be(HttpStatusCode.TemporaryRedirect);
            new Uri(new Uri(address, path), moved.Headers.Location!).Should().Be(new Uri(address, path + "/?poll"));
        }

        string html = await http.GetStringAsync(document);
        string script = System.Text.RegularExpressions.Regex.Match(html, "src=\"([^\"]+\\.js)\"").Groups[1].Value;
        script.Should().NotBeEmpty().And.NotStartWith("/");
        (await http.GetAsync(new Uri(document, script))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await http.GetStringAsync(new Uri(document, "data/view?view=overview"))).Should().Contain("\"full\":true");
        using Stream stream = await http.GetStreamAsync(new Uri(document, "live?view=overview"));
        using StreamReader reader = new(stream);
        (await reader.ReadLineAsync().WaitAsync(Wait.Limit)).Should().Be("event: view", "nothing between holds the stream back");
    }
}
