using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>A user's web application as a process of its own, listening on a free loopback port.</summary>
public sealed class RunningApplication : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly Uri _url;

    private RunningApplication(ChildProcess process, Uri url) => (_process, _url) = (process, url);

    /// <summary>What it printed so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="command">The program and its arguments, without its address.</param>
    /// <param name="folder">Where it runs.</param>
    public static async Task<RunningApplication> StartAsync(IReadOnlyList<string> command, string folder)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ChildProcess.Start([.. command, "--urls", url.GetLeftPart(UriPartial.Authority)], folder, environment: DotNetCommand.Variables);
        try
        {
            await process.WaitForLineAsync(
                line => line.Contains("Now listening on: ", StringComparison.Ordinal), Wait.Limit, "the application to listen");
            return new RunningApplication(process, url);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts a body as Janus does and returns the status of the answer.</summary>
    public async Task<int?> PostAsync(string path, CapturedBody body) =>
        (await new JanusSender(new Uri(_url, path)).SendAsync(body)).Status;

    /// <summary>What a GET answers, whatever its status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(_url, path));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Asks it to stop and returns its exit code.</summary>
    public Task<int> StopAsync()
    {
        _process.Send(Signal.Terminate);
        return _process.WaitForExitAsync(Wait.Limit);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
