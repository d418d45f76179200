using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JanusEvents.Testing;

/// <summary>A process started by a test: its lines of output are kept, and it is gone when it is disposed of.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Lock _gate = new();
    private volatile int _openOutputs = 2;

    private ChildProcess(Process process) => _process = process;

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code of a process that has ended; 128 and the signal's number after a signal.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to its standard output and standard error so far, line by line.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>All of <see cref="Lines"/> as one text, for messages.</summary>
    public string Output => string.Join(Environment.NewLine, Lines);

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="inside">The network namespace that it runs in; null is this process's own.</param>
    /// <param name="environment">Variables to set, or to remove where the value is null.</param>
    public static ChildProcess Start(
        IReadOnlyList<string> command,
        string workingDirectory,
        NetworkNamespace? inside = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        // "ip netns exec" becomes the program itself, so that the id is the program's.
        IReadOnlyList<string> whole = inside is null ? command : [.. inside.Enter, .. command];
        var start = new ProcessStartInfo(whole[0], whole.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits until it has written a line that fits, and returns that line.</summary>
    /// <exception cref="InvalidOperationException">It ended without such a line; the message has its output.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits, TimeSpan limit, string what)
    {
        string? found = null;
        await Wait.UntilAsync(
            () =>
            {
                var ended = HasExited && _openOutputs == 0;
                found = Lines.FirstOrDefault(fits);
                return found is not null || ended;
            },
            limit,
            what,
            () => Output).ConfigureAwait(false);
        return found ?? throw new InvalidOperationException(
            $"{_process.StartInfo.FileName} ended with exit code {ExitCode} instead of {what}:{Environment.NewLine}{Output}");
    }

    /// <summary>Sends a signal.</summary>
    public void Send(Signal signal)
    {
        if (!HasExited && Kill(Id, (int)signal) != 0 && !HasExited)
            throw new InvalidOperationException($"Signal {signal} could not be sent to process {Id}: errno {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Waits for its end and returns the exit code.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!HasExited)
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} did not end within {limit.TotalSeconds:0.#} s:{Environment.NewLine}{Output}");
        }
        catch (OperationCanceledException)
        {
            // It has ended; a child of its own still holds its output open.
        }

        return ExitCode;
    }

    /// <summary>Runs a program to its end and returns what it wrote; a non-zero exit code is an exception.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(
        IReadOnlyList<string> command, TimeSpan limit, NetworkNamespace? inside = null)
    {
        await using var child = Start(command, Path.GetTempPath(), inside);
        var exitCode = await child.WaitForExitAsync(limit).ConfigureAwait(false);
        return exitCode == 0
            ? child.Lines
            : throw new InvalidOperationException(
                $"\"{string.Join(' ', command)}\" ended with exit code {exitCode}:{Environment.NewLine}{child.Output}");
    }

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Send(Signal.Kill);
            await WaitForExitAsync(Wait.Limit).ConfigureAwait(false);
        }

        _process.Dispose();
    }

    // For the children of a process that a test started; one that has just ended needs no signal.
    internal static void Send(int process, Signal signal) => _ = Kill(process, (int)signal);

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_gate)
        {
            if (e.Data is null)
                _openOutputs--;
            else
                _lines.Add(e.Data);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
