using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>A real Janus with the lines of <c>docs/getting-started.md</c>, with nothing changed but the host's address.</summary>
public sealed class GettingStartedTests
{
    private const string Main = "janus.jcfg";
    private const string HttpHandler = "janus.eventhandler.sampleevh.jcfg";
    private const string WebSocketHandler = "janus.eventhandler.wsevh.jcfg";
    private static readonly TimeSpan s_limit = Wait.Limit;
    private static readonly DocPage s_page = DocPage.Read("docs/getting-started.md");

    [TheoryNeeding(Capabilities.Janus | Capabilities.Sqlite)]
    [InlineData(HttpHandler)]
    [InlineData(WebSocketHandler)]
    public async Task With_the_lines_of_the_page_the_query_of_the_page_shows_a_row(string handler)
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(
            folder.Path, "--JanusEvents:UserName=janus", "--JanusEvents:Password=a long word of your own");
        await using var store = new SqliteStore(folder);

        await using var janus = await StartAsync(host.Url.Port, handler, with: "");
        await Wait.UntilAsync(async () => await store.CountAsync("core") == 1, s_limit, "the start of Janus to be stored", () => host.Output + janus.Log);

        var query = s_page.In("sh").Single(block => block.Text.StartsWith("sqlite3 ", StringComparison.Ordinal)).Text;
        (await ChildProcess.RunAsync(["bash", "-c", $"cd {folder.Path} && {query}"], s_limit)).Should().Equal("MyJanusInstance|status|started");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("janus:a long word of your own"u8));
        foreach (var path in new[] { "/", "/janus/events" })
            (await http.GetStringAsync(new Uri(host.Url, path))).Should().Contain("MyJanusInstance\n").And.Contain($"backend = \"{new Uri(host.Url, path).ToString().TrimEnd('/')}\"");
    }

    // What is changed in the lines of the page, and what Janus says then.
    [TheoryNeeding(Capabilities.Janus)]
    [InlineData(HttpHandler, "broadcast = false", "Event handlers support disabled")]
    [InlineData(HttpHandler, "enabled = false", "Sample event handler disabled")]
    [InlineData(HttpHandler, "disable = \"libjanus_sampleevh.so\"", "Event handler plugin 'libjanus_sampleevh.so' has been disabled, skipping...")]
    [InlineData(HttpHandler, "events =", "Error parsing config file at line")]
    [InlineData(HttpHandler, "", "Couldn't relay event to the backend: Couldn't connect to server")]
    [InlineData(WebSocketHandler, "", "Unable to connect")]
    public async Task What_the_page_says_of_the_log_of_Janus_is_in_it(string handler, string with, string line)
    {
        s_page.Text.Should().Contain($"`{line}`");

        await using var janus = await StartAsync(FreePort.Next(), handler, with);

        await Wait.UntilAsync(() => janus.Log.Contains(line, StringComparison.Ordinal), s_limit, $"Janus to say \"{line}\"", () => janus.Log);
    }

    [TheoryNeeding(Capabilities.Janus)]
    [InlineData(HttpHandler, "backend_pwd = \"another\"", "refused with 401")]
    [InlineData(WebSocketHandler, "subprotocol = \"another\"", "refused with 400")]
    public async Task What_the_host_refuses_is_in_its_own_log(string handler, string with, string refusal)
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(
            folder.Path, "--JanusEvents:UserName=janus", "--JanusEvents:Password=a long word of your own");

        await using var janus = await StartAsync(host.Url.Port, handler, with);

        await host.WaitForLineAsync(printed => printed.Contains(refusal, StringComparison.Ordinal), s_limit, "the refusal");
        if (handler == WebSocketHandler)
        {
            const string Line = "ws upgrade response not 101";
            s_page.Text.Should().Contain($"`{Line}`");
            await Wait.UntilAsync(() => janus.Log.Contains(Line, StringComparison.Ordinal), s_limit, $"Janus to say \"{Line}\"", () => janus.Log);
        }
    }

    /// <summary>Starts a Janus with the page's section and file, one line of them changed.</summary>
    private static Task<JanusServer> StartAsync(int port, string handler, string with) => JanusServer.StartAsync(new JanusServerOptions
    {
        Backend = "replaced by the lines of the page",
        EventsByOption = false,
        Configure = configuration =>
        {
            var ofMain = with.StartsWith("broadcast ", StringComparison.Ordinal) || with.StartsWith("disable ", StringComparison.Ordinal);
            configuration.Replace(Main, "events", Lines(Main, port, ofMain ? with : ""));
            configuration.Delete(HttpHandler);
            configuration.Delete(WebSocketHandler);
            configuration.Write(handler, Lines(handler, port, ofMain ? "" : with));
        },
    });

    /// <summary>What the page has for a file, with the address of a host, and with a line in place of the one with its key.</summary>
    private static string Lines(string file, int port, string with)
    {
        var lines = s_page.Block($"jcfg {file}").Text.Replace("your-host:8080", $"127.0.0.1:{port}", StringComparison.Ordinal)
            .TrimEnd('\n').Split('\n').ToList();
        if (with.Length > 0)
        {
            var key = with.Split(' ')[0];
            lines.RemoveAll(line => line.TrimStart().StartsWith(key + " ", StringComparison.Ordinal));
            lines.Insert(lines.Count - 1, with);
        }

        return string.Join('\n', lines) + "\n";
    }
}
