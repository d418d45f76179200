using JanusEvents.Testing;
using Microsoft.Playwright;

namespace JanusEvents.Dashboard.Tests;

/// <summary>Debian's Chromium, driven by Playwright; one for all tests of the page.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Machine.WhatIsMissing(Capabilities.Chromium) is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = ProgramPath.Require("chromium"), Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>A page that was never opened before, which notes what must not happen on it.</summary>
    internal async Task<WatchedPage> OpenAsync(Uri host, bool isDark = false, int width = 1280, int height = 900)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "UTC",
        });
        return new WatchedPage(context, await context.NewPageAsync(), new Uri(host, "/janus/"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page of the dashboard in the browser, with all that it asked for and complained about.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly List<string> _requests = [];
    private readonly List<string> _complaints = [];

    public WatchedPage(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.SetDefaultTimeout((float)Wait.Limit.TotalMilliseconds);
        page.Request += (_, request) => _requests.Add(request.Url);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += (_, dialog) =>
        {
            _complaints.Add($"dialog: {dialog.Message}");
            dialog.DismissAsync();
        };
        page.Console += (_, message) =>
        {
            // What the host does not know is answered 404, and the page says so in words.
            if (message.Type is "error" or "warning" && !message.Text.Contains("404", StringComparison.Ordinal))
                _complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>What scripts complained about, and what the content security policy reported.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    /// <summary>Requests to anywhere but the host.</summary>
    public IEnumerable<string> ForeignRequests => _requests.Where(url => !url.StartsWith(_address.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal));

    public async Task GoAsync(string hash)
    {
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync(new Uri(_address, hash).AbsoluteUri);
    }

    public ILocator Find(string selector) => Page.Locator(selector);

    public void ShouldBeClean()
    {
        Complaints.Should().BeEmpty();
        ForeignRequests.Should().BeEmpty("no request leaves the host");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
