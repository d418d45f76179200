using System.Net;
using System.Text.RegularExpressions;
using JanusEvents.AspNetCore.Status;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>What a GET at the endpoint's address shows.</summary>
public sealed class StatusPageTests
{
    private const string Path = "/janus/events";

    private static readonly JanusEventsEndpointOptions s_withCredentials = new() { UserName = "janus", Password = "s3cret" };
    private static readonly string s_credentials = $"Authorization: {EndpointHost.Basic("janus:s3cret")}\r\n";

    [Fact]
    public async Task Before_the_first_event_it_says_so_and_has_the_lines_for_Janus()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage got = await GetAsync(host);

        got.StatusCode.Should().Be(HttpStatusCode.OK);
        got.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        got.Headers.CacheControl!.NoStore.Should().BeTrue();
        got.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        string page = await got.Content.ReadAsStringAsync();
        page.Should().Contain("No Janus has sent an event yet.").And.MatchRegex(@"Up since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \d+ s\.");
        page.Should().Contain("    events: {\n        broadcast = true\n    }\n").And.Contain($$"""
                general: {
                    enabled = true
                    events = "all"
                    grouping = true
                    backend = "{{new Uri(host.Address, Path)}}"
                }

            """.ReplaceLineEndings("\n"));
        page.Should().NotContain("backend_user");
    }

    [Fact]
    public async Task It_counts_what_came_and_from_whom_and_what_was_refused()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        await host.PostAsync(EndpointHost.OneEvent);
        await host.PostAsync("""[{"emitter":"other","type":4,"event":{}},{"emitter":"other","type":4,"event":{}},5]""");
        await host.PostAsync("no JSON");
        await host.PostAsync([1, 2, 3], contentEncoding: "br");

        string page = await PageAsync(host);

        Number(page, "bodies").Should().Be(3);
        Number(page, "events").Should().Be(3);
        Number(page, "invalid elements").Should().Be(2);
        Number(page, "refused bodies").Should().Be(2);
        Number(page, "not answered").Should().Be(0);
        page.Should().MatchRegex(@"bodies +3    the last at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \d+ s ago\n");
        Regex.Matches(page, @"(\d+) +(\d+)  127\.0\.0\.1 +(\S+)\n").Select(server => $"{server.Groups[3]} {server.Groups[1]} {server.Groups[2]}")
            .Should().Equal("other 1 2", "a-janus 1 1");
    }

    [Fact]
    public async Task What_got_no_answer_is_counted()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { AnswerTimeout = TimeSpan.FromSeconds(2) });
        host.Sink.Failure = new InvalidOperationException("The store is away.");

        await host.Invoking(h => h.PostAsync(EndpointHost.OneEvent)).Should().ThrowAsync<HttpRequestException>();

        string page = await PageAsync(host);
        Number(page, "not answered").Should().Be(1);
        page.Should().Contain("The log of this host has the reason.");
        page.Should().MatchRegex(@"They go to:\n    EndpointSink: failed \d+ times, the last \d+ s ago \(System\.InvalidOperationException\)");
        page.Should().NotContain("The store is away.");
    }

    [Fact]
    public async Task It_tells_when_something_was_stored_last()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        (await PageAsync(host)).Should().Contain("    EndpointSink: nothing yet\n").And.NotContain("spool");

        await host.PostAsync(EndpointHost.OneEvent);

        (await PageAsync(host)).Should().MatchRegex(@"    EndpointSink: the last at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \d+ s ago\n");
    }

    [Fact]
    public async Task It_tells_how_much_waits_in_the_spool()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Services.AddSingleton<IBacklog>(new Backlog(new(12, 3456, DateTimeOffset.UtcNow.AddMinutes(-5.5), ["Slow"]))));

        string page = await PageAsync(host);

        page.Should().MatchRegex(@"    the spool, where 12 bodies of 3456 bytes wait for them, the oldest since [-0-9]+ [:0-9]+, 5 min\n")
            .And.Contain("    Slow is suspended, and misses events\n");
    }

    [Fact]
    public async Task It_asks_for_the_endpoints_credentials_and_counts_those_that_are_wrong()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { UserName = "ja\"nus", Password = "s3cret" });

        using HttpResponseMessage without = await GetAsync(host);
        using HttpResponseMessage wrong = await GetAsync(host, ("Authorization", EndpointHost.Basic("ja\"nus:guess")));
        using HttpResponseMessage head = await GetAsync(host, HttpMethod.Head, ("Authorization", EndpointHost.Basic("ja\"nus:guess")));
        await host.PostAsync("[]");

        foreach (HttpResponseMessage refused in new[] { without, wrong, head })
        {
            refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            refused.Headers.WwwAuthenticate.ToString().Should().StartWith("Basic ");
            refused.Headers.CacheControl!.NoStore.Should().BeTrue();
            (await refused.Content.ReadAsStringAsync()).Should().NotContain("Up since");
        }

        host.Log.OfId(3011).Should().HaveCount(2).And.OnlyContain(entry => entry.Level == LogLevel.Warning && !entry.Message.Contains("guess", StringComparison.Ordinal));
        using HttpResponseMessage right = await GetAsync(host, ("Authorization", EndpointHost.Basic("ja\"nus:s3cret")));
        string page = await right.Content.ReadAsStringAsync();
        Number(page, "refused credentials").Should().Be(3, "two pages and a POST; a browser that asks without any counts for nothing");
        page.Should().Contain("See backend_user and backend_pwd of each Janus.");
        page.Should().Contain("backend_user = \"ja\\\"nus\"\n").And.Contain("backend_pwd = \"(the password that belongs to it)\"\n").And.NotContain("s3cret");
    }

    [Fact]
    public async Task HEAD_has_the_head_of_the_page_and_other_methods_are_not_allowed()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        using HttpResponseMessage head = await GetAsync(host, HttpMethod.Head);
        using HttpResponseMessage put = await GetAsync(host, HttpMethod.Put);

        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.Should().BePositive();
        (await head.Content.ReadAsStringAsync()).Should().BeEmpty();
        put.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        put.Content.Headers.Allow.Should().BeEquivalentTo("GET", "HEAD", "POST");
    }

    [Fact]
    public async Task Opted_out_a_GET_is_not_allowed_as_if_there_were_no_page()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(new JanusEventsEndpointOptions { StatusPage = false });

        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using HttpResponseMessage got = await GetAsync(host, method);

            got.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
            got.Content.Headers.Allow.Should().Equal("POST");
        }

        (await host.PostAsync("[]")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_page_of_the_hosts_own_at_the_same_address_goes_first()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents("/");
            app.MapGet("/", () => "Welcome");
            app.MapJanusEvents("/both");
            app.MapJanusEventsWebSocket("/both");
            app.MapFallback(() => "Nothing here");
            app.MapJanusEvents("/own");
        });
        using HttpClient http = new();

        (await http.GetStringAsync(new Uri(host.Address, "/"))).Should().Be("Welcome");
        (await host.PostAsync("[]", "/")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await http.GetStringAsync(new Uri(host.Address, "/both"))).Should().StartWith("JanusEvents at ");
        (await http.GetStringAsync(new Uri(host.Address, "/own"))).Should().StartWith("JanusEvents at ");
    }

    [Theory]
    [InlineData("media.example:8443", "http://media.example:8443/janus/events")]
    [InlineData("MEDIA.example", "http://media.example/janus/events")]
    [InlineData("[2001:db8::7]:81", "http://[2001:db8::7]:81/janus/events")]
    [InlineData("192.0.2.7", "http://192.0.2.7/janus/events")]
    public async Task The_lines_have_the_address_that_the_page_was_asked_at(string host, string backend)
    {
        await using EndpointHost server = await EndpointHost.StartAsync(s_withCredentials);

        (await RawPageAsync(server, $"Host: {host}\r\n{s_credentials}")).Should().Contain($"backend = \"{backend}\"\n");
    }

    [Theory]
    [InlineData("HTTP/1.1", "Host:\r\n")]
    [InlineData("HTTP/1.0", "")]
    [InlineData("HTTP/1.1", "Host: media.example:port\r\n")]
    [InlineData("HTTP/1.1", "Host: a\"b\r\n")]
    [InlineData("HTTP/1.1", "Host: user@media.example\r\n")]
    [InlineData("HTTP/1.1", "Host: <script>alert(1)</script>\r\n")]
    [InlineData("HTTP/1.1", "Host: media.example/path\r\n")]
    [InlineData("HTTP/1.1", "Host: ..\r\n")]
    [InlineData("HTTP/1.1", "Host: a\\b\r\n")]
    public async Task A_Host_header_that_names_no_host_gets_the_servers_own_address_or_is_refused(string version, string header)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(s_withCredentials);

        string answer = await RawPageAsync(host, header + s_credentials, version);

        if (!answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal))
            answer.Should().Contain($"backend = \"http://127.0.0.1:{host.Address.Port}{Path}\"\n");
        answer.Should().NotContain("script").And.NotContain("user@").And.NotContain("a\"b").And.NotContain("a\\b");
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("media.example\n    backend = \"http://attacker.example\"")]
    [InlineData("user@media.example")]
    [InlineData("media.example/path?x#y")]
    [InlineData("a b")]
    [InlineData("media.example:99999999")]
    public void Whatever_a_proxy_puts_for_the_host_the_address_is_one_of_a_host(string value)
    {
        DefaultHttpContext context = new() { Request = { Scheme = "java\nscript", Path = Path } };
        context.Request.Headers.Host = value;
        context.Connection.LocalIpAddress = IPAddress.Parse("fe80::1%3");
        context.Connection.LocalPort = 8080;

        OwnAddress.Of(context).AbsoluteUri.Should().Be("http://[fe80::1]:8080/janus/events");
    }

    [Fact]
    public async Task Behind_a_proxy_it_is_the_proxys_address_with_the_path_that_it_takes_away()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All });
            app.UsePathBase("/sfu one");
            app.UseRouting();
            app.MapJanusEvents("/{server}/events", s_withCredentials);
        });

        using HttpResponseMessage got = await GetAsync(
            host,
            HttpMethod.Get,
            "/sfu%20one/e%22dge%5C/events",
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "media.example"),
            ("Authorization", EndpointHost.Basic("janus:s3cret")));

        (await got.Content.ReadAsStringAsync()).Should().Contain("backend = \"https://media.example/sfu%20one/e%22dge%5C/events\"\n");
    }

    [Fact]
    public async Task Names_of_servers_stay_on_their_line()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();
        await host.PostAsync("""[{"emitter":"a\nbackend = \"x\"\u001b[2J\u202eb","type":4,"event":{}},{"type":4,"event":{}}]""");
        for (int i = 0; i < 120; i++)
            await host.PostAsync($$$"""{"emitter":"server-{{{i}}}","type":4,"event":{}}""");

        string page = await PageAsync(host);

        page.Should().Contain("server-119\n").And.Contain("server-20\n").And.NotContain("server-19\n").And.Contain("    and 22 more\n");
        page = await ShortPageAsync();
        page.Should().Contain("  a?backend = \"x\"?[2J?b\n").And.Contain("  (no name)\n");

        async Task<string> ShortPageAsync()
        {
            await host.PostAsync("""[{"emitter":"a\nbackend = \"x\"\u001b[2J\u202eb","type":4,"event":{"x":1}},{"type":4,"event":{"x":1}}]""");
            return await PageAsync(host);
        }
    }

    [Theory]
    [InlineData("janus", "    backend_user = \"janus\"")]
    [InlineData("a\"b\\c", "    backend_user = \"a\\\"b\\\\c\"")]
    [InlineData("a\nb", "    backend_user = \"a\\x0ab\"")]
    public void Lines_for_Janus_hold_any_user_name(string userName, string line)
    {
        JanusConfigurationLines.Http(new Uri("http://host:8080/janus/events"), userName).Should().Contain(line);
        JanusConfigurationLines.HttpOfOldServers(new Uri("http://host:8080/janus/events"), userName).Should().OnlyContain(l => !l.Contains('\n'));
    }

    [Fact]
    public void An_address_for_Janus_is_absolute()
    {
        Action lines = () => JanusConfigurationLines.Http(new Uri("/janus/events", UriKind.Relative));

        lines.Should().Throw<ArgumentException>().WithMessage("*http://media.example:8080/janus/events*");
    }

    private static async Task<string> PageAsync(EndpointHost host)
    {
        using HttpResponseMessage got = await GetAsync(host);
        return await got.Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> GetAsync(EndpointHost host, params (string Name, string Value)[] headers) =>
        GetAsync(host, HttpMethod.Get, Path, headers);

    private static Task<HttpResponseMessage> GetAsync(EndpointHost host, HttpMethod method, params (string Name, string Value)[] headers) =>
        GetAsync(host, method, Path, headers);

    private static async Task<HttpResponseMessage> GetAsync(
        EndpointHost host, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(method, new Uri(host.Address, path));
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    private static async Task<string> RawPageAsync(EndpointHost host, string headers, string version = "HTTP/1.1")
    {
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync($"GET {Path} {version}\r\n{headers}Connection: close\r\n\r\n");
        return await connection.ReadToEndAsync();
    }

    private static long Number(string page, string name) =>
        long.Parse(Regex.Match(page, $@"^    {name} +(\d+)", RegexOptions.Multiline).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Backlog(BacklogFigures figures) : IBacklog
    {
        public BacklogFigures Read() => figures;
    }
}
