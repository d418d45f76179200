using System.Net;
using JanusEvents.Testing;
using Microsoft.Playwright;

namespace JanusEvents.Dashboard.Tests;

/// <summary>The sample with an authentication of its own: its page is shown to people who have signed in.</summary>
public sealed class EmbeddedHostTests(PageFixture browser) : IClassFixture<PageFixture>
{
    private const string Key = "a-key";

    [FactNeeding(Capabilities.Chromium)]
    public async Task A_browser_is_led_to_the_form_and_with_the_key_back_to_the_page_which_is_live()
    {
        using TemporaryFolder folder = new();
        await using SampleHostProcess host = await StartAsync(folder);
        await using WatchedPage page = await browser.OpenAsync(host.Url);
        await page.GoAsync("#/rooms");
        page.Page.Url.Should().StartWith(new Uri(host.Url, "/sign-in?ReturnUrl=%2Fjanus%2F").AbsoluteUri);

        await page.Page.GetByLabel("API key").FillAsync("another-key");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.GetByText("The key is not known.").WaitForAsync();
        await page.Page.GetByLabel("API key").FillAsync(Key);
        await page.Page.Keyboard.PressAsync("Enter");

        await page.Page.WaitForURLAsync(new Uri(host.Url, "/janus/#/rooms").AbsoluteUri);
        await page.Find("[data-connection='live']").WaitForAsync();
        (await page.Page.EvaluateAsync<string>("document.cookie")).Should().BeEmpty("no script reads it");
        page.ForeignRequests.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_the_cookie_nothing_of_the_page_is_shown_and_the_API_goes_on_with_its_key()
    {
        using TemporaryFolder folder = new();
        await using SampleHostProcess host = await StartAsync(folder);
        using HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Url };

        foreach (string path in new[] { "/janus/", "/janus/data/view?view=overview", "/janus/live?view=overview" })
        {
            using HttpResponseMessage got = await http.GetAsync(new Uri(path, UriKind.Relative));
            got.StatusCode.Should().Be(HttpStatusCode.Redirect, path);
            got.Headers.Location!.AbsolutePath.Should().Be("/sign-in");
        }

        using (HttpResponseMessage refused = await http.GetAsync(new Uri("/api/calls", UriKind.Relative)))
            refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        using FormUrlEncodedContent form = new([new("key", Key)]);
        using HttpResponseMessage foreign = await http.PostAsync(new Uri("/sign-in?ReturnUrl=https%3A%2F%2Felsewhere.example%2F", UriKind.Relative), form);
        foreign.Headers.Location.Should().BeNull("it leads to no other site");
        http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        (await http.GetStringAsync(new Uri("/api/calls", UriKind.Relative))).Should().Be("[]");
    }

    private static Task<SampleHostProcess> StartAsync(TemporaryFolder folder) => SampleHostProcess.StartAsync(new SampleHostOptions
    {
        WorkingDirectory = folder.Path,
        Arguments = [$"--Api:Key={Key}", "--Janus:Password=a-password"],
        Variables = new Dictionary<string, string?> { ["HOME"] = folder.Path }, // where the keys of cookies are kept
        Program = Repository.PathOf("samples", "JanusEvents.EmbeddedHost", "bin", Repository.Configuration, "net10.0", "JanusEvents.EmbeddedHost.dll"),
    });
}
