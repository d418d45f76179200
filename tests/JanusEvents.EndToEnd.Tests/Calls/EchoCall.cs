using System.Globalization;
using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests.Calls;

/// <summary>One echo test with audio, video and data from a headless Chromium, from its session's creation to its end.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Handle">The handle's id.</param>
/// <param name="OpaqueId">The opaque id that the page gave.</param>
/// <param name="Offer">The browser's offer.</param>
/// <param name="Answer">Janus's answer.</param>
internal sealed record EchoCall(long Session, long Handle, string OpaqueId, string Offer, string Answer)
{
    private const string Mark = "echo-test ";
    private static readonly TimeSpan Limit = Wait.Limit;

    /// <summary>Runs the call with a browser in a network namespace of its own.</summary>
    public static async Task<EchoCall> RunAsync(JanusServer janus, NetworkNamespace browser, int seconds)
    {
        const string OpaqueId = "echotest-from-a-browser";
        using var folder = new TemporaryFolder();
        var page = new Uri(Path.Combine(AppContext.BaseDirectory, "Calls", "echo.html"));
        var query = string.Create(CultureInfo.InvariantCulture,
            $"?janus={Uri.EscapeDataString(janus.Url.ToString())}&seconds={seconds}&opaque={OpaqueId}");
        await using var chromium = ChildProcess.Start(
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-default-apps", "--disable-breakpad", "--mute-audio",
                "--use-fake-device-for-media-stream=fps=15", "--use-fake-ui-for-media-stream",
                "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
                "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,Translate,OptimizationHints,MediaRouter",
                "--dns-prefetch-disable", $"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {janus.Url.Host}",
                "--enable-logging=stderr", $"--user-data-dir={folder.Path}", page + query,
            ],
            folder.Path,
            browser,
            new Dictionary<string, string?> { ["TMPDIR"] = folder.Path });

        var end = await chromium.WaitForLineAsync(
            line => Value(line, "done") is not null || Value(line, "failed") is not null, Limit, "the browser's call to end");
        if (Value(end, "failed") is { } failure)
            throw new InvalidOperationException($"The call failed: {failure}{Environment.NewLine}{janus.Log}");

        // Asked to end, the browser ends its own children first.
        chromium.Send(Signal.Terminate);
        await chromium.WaitForExitAsync(Limit);

        string Said(string what) => chromium.Lines.Select(line => Value(line, what)).First(value => value is not null)!;
        var ids = Said("ids").Split(' ').Select(id => long.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        return new EchoCall(ids[0], ids[1], OpaqueId, Decoded(Said("offer")), Decoded(Said("answer")));
    }

    private static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    // [12:34:…:INFO:CONSOLE(80)] "echo-test ids 123 456", source: file:///…/echo.html (80)
    private static string? Value(string line, string what)
    {
        var start = line.IndexOf(Mark + what + " ", StringComparison.Ordinal);
        if (start < 0)
            return null;
        var value = line[(start + Mark.Length + what.Length + 1)..];
        var end = value.LastIndexOf("\", source:", StringComparison.Ordinal);
        return end < 0 ? value : value[..end];
    }
}
