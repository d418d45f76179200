using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using JanusEvents.Dashboard.Assets;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;

namespace JanusEvents.Dashboard.Tests;

/// <summary>The files of the page: small, from this host alone, and never mixed with those of another version.</summary>
public sealed partial class PageAssetsTests
{
    private const int MostBytes = 60 * 1024;

    // dist/uPlot.iife.min.js of the package uplot 1.6.32.
    private const string UPlot = "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f";

    [Fact]
    public void All_files_together_are_compressed_to_at_most_60_KiB()
    {
        int document = PageAssets.Compressed(System.Text.Encoding.UTF8.GetBytes(PageAssets.All.DocumentFor(new JanusDashboardOptions()))).Length;
        int files = PageAssets.All.Names.Where(name => !name.EndsWith(".txt", StringComparison.Ordinal)).Sum(name => PageAssets.All.Find(name)!.Compressed.Length);

        (document + files).Should().BeLessThanOrEqualTo(MostBytes);
    }

    [Fact]
    public void UPlot_is_what_its_authors_published_and_its_licence_is_beside_it()
    {
        string name = PageAssets.All.Names.Single(file => file.StartsWith("uPlot", StringComparison.Ordinal) && file.EndsWith(".js", StringComparison.Ordinal));

        Convert.ToHexStringLower(SHA256.HashData(PageAssets.All.Find(name)!.Content)).Should().Be(UPlot);
        System.Text.Encoding.UTF8.GetString(PageAssets.All.Find("uPlot.LICENSE.txt")!.Content).Should().Contain("MIT License").And.Contain("Leon Sorokin");
    }

    [Fact]
    public void Nothing_is_written_as_markup_and_nothing_comes_from_elsewhere()
    {
        foreach (string name in PageAssets.All.Names.Where(file => file.EndsWith(".js", StringComparison.Ordinal) && !file.StartsWith("uPlot", StringComparison.Ordinal)))
        {
            string source = System.Text.Encoding.UTF8.GetString(PageAssets.All.Find(name)!.Content);
            source.Should().NotMatchRegex("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function|setAttribute\\(['\"]style", name);
            WebAddress().Matches(source).Select(match => match.Value).Should().OnlyContain(address => address == "http://www.w3.org/2000/svg", name);
        }
    }

    [Fact]
    public async Task Each_file_is_served_compressed_and_kept_for_good_under_the_hash_of_its_version()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        foreach (string name in PageAssets.All.Names)
        {
            using HttpResponseMessage got = await host.GetAsync($"/janus/a/{PageAssets.All.Hash}/{name}", ("Accept-Encoding", "gzip, br"));
            got.StatusCode.Should().Be(HttpStatusCode.OK, name);
            got.Content.Headers.ContentEncoding.Should().Equal("gzip");
            got.Headers.CacheControl!.ToString().Should().Contain("immutable");
            got.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            (await got.Content.ReadAsByteArrayAsync()).Should().Equal(PageAssets.All.Find(name)!.Compressed);

            using HttpResponseMessage plain = await host.GetAsync($"/janus/a/another/{name}");
            plain.Content.Headers.ContentEncoding.Should().BeEmpty();
            plain.Headers.CacheControl!.NoStore.Should().BeTrue("a page of another version must not keep it");
            (await plain.Content.ReadAsByteArrayAsync()).Should().Equal(PageAssets.All.Find(name)!.Content);
        }

        (await host.GetAsync($"/janus/a/{PageAssets.All.Hash}/index.html")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_document_allows_only_what_comes_from_this_host_and_nothing_inline()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(settings: new Dictionary<string, string?> { ["JanusEvents:Dashboard:Title"] = "<b>\"Ops\"</b>" });

        using HttpResponseMessage got = await host.GetAsync("/janus/");

        string policy = got.Headers.GetValues("Content-Security-Policy").Single();
        policy.Should().StartWith("default-src 'none'").And.NotContain("unsafe");
        got.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        got.Headers.CacheControl!.NoStore.Should().BeTrue();
        string document = await got.Content.ReadAsStringAsync();
        document.Should().NotContain("<b>").And.Contain("&lt;b&gt;").And.NotContain("{{");
        document.Should().NotMatchRegex("<script(?![^>]*src=)|style=|\\son[a-z]+=", "scripts and styles are files");
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_with_the_key_and_the_range()
    {
        Func<Task> start = () => DashboardHost.StartAsync(settings: new Dictionary<string, string?> { ["JanusEvents:Dashboard:MaxStreams"] = "0" });

        (await start.Should().ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>()).WithMessage("*JanusEvents:Dashboard:MaxStreams*0*1 to 10000*");
    }

    [Fact]
    public void Without_monitoring_the_host_does_not_start_and_learns_what_to_add()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        WebApplication app = builder.Build();

        FluentActions.Invoking(() => app.MapJanusDashboard()).Should().Throw<InvalidOperationException>().WithMessage("*AddJanusEvents()*AddMonitoring()*");
    }

    [GeneratedRegex("https?://[^'\"`\\s]+")]
    private static partial Regex WebAddress();
}
