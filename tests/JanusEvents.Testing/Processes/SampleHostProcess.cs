namespace JanusEvents.Testing;

/// <summary>The built sample host as a process of its own, listening on a free loopback port.</summary>
public sealed class SampleHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = Wait.Limit;
    private readonly ChildProcess _process;

    private SampleHostProcess(ChildProcess process, int port)
    {
        _process = process;
        Url = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Where it listens (inside its network namespace).</summary>
    public Uri Url { get; }

    /// <summary>The process's id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it printed so far.</summary>
    public IReadOnlyList<string> Lines => _process.Lines;

    /// <summary><see cref="Lines"/> as one text, for messages.</summary>
    public string Output => _process.Output;

    /// <summary>Starts the host and waits until it says that it listens.</summary>
    /// <param name="workingDirectory">Where it runs, and so where it makes its SQLite file.</param>
    /// <param name="arguments">Its arguments, without <c>--urls</c>.</param>
    public static Task<SampleHostProcess> StartAsync(string workingDirectory, params string[] arguments) =>
        StartAsync(new SampleHostOptions { WorkingDirectory = workingDirectory, Arguments = arguments });

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    public static async Task<SampleHostProcess> StartAsync(SampleHostOptions options)
    {
        var host = new SampleHostProcess(Launch(options), options.Port);
        try
        {
            await host.WaitForLineAsync(Listens, StartLimit, "the sample host to listen").ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the host without waiting, for a start that is expected to fail.</summary>
    public static ChildProcess Launch(SampleHostOptions options)
    {
        if (!File.Exists(options.Program))
            throw new FileNotFoundException($"The sample host is not built: {options.Program} does not exist.");
        return ChildProcess.Start(
            [
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? ProgramPath.Require("dotnet"),
                options.Program, "--urls", $"http://127.0.0.1:{options.Port}", .. options.Arguments,
            ],
            options.WorkingDirectory,
            options.Inside,
            new Dictionary<string, string?>(options.Variables)
            {
                ["ASPNETCORE_URLS"] = null,
                ["ASPNETCORE_HTTP_PORTS"] = null,
                ["DOTNET_EnableDiagnostics"] = "0", // a killed process would leave its diagnostic sockets behind
                ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = options.HasCulture ? "0" : "1",
            });
    }

    /// <summary>Waits until it has printed a line that fits, and returns it.</summary>
    public Task<string> WaitForLineAsync(Func<string, bool> fits, TimeSpan limit, string what) =>
        _process.WaitForLineAsync(fits, limit, what);

    /// <summary>Asks it to stop, with SIGTERM, and returns its exit code.</summary>
    /// <param name="limit">How long that may take; <see cref="Wait.Limit"/> when not given.</param>
    public async Task<int> StopAsync(TimeSpan? limit = null)
    {
        _process.Send(Signal.Terminate);
        return await _process.WaitForExitAsync(limit ?? Wait.Limit).ConfigureAwait(false);
    }

    /// <summary>Ends it as a crash would, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Send(Signal.Kill);
        await _process.WaitForExitAsync(Wait.Limit).ConfigureAwait(false);
    }

    /// <summary>Sends it any signal.</summary>
    public void Send(Signal signal) => _process.Send(signal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static bool Listens(string line) =>
        line.Contains("Now listening on: ", StringComparison.OrdinalIgnoreCase)
        || line.Contains("listening on http", StringComparison.OrdinalIgnoreCase)
        || line.Contains("listens on http", StringComparison.OrdinalIgnoreCase);
}
