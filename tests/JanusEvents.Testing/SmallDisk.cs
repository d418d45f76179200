namespace JanusEvents.Testing;

/// <summary>A file system of a few megabytes in memory, mounted in a temporary folder until it is disposed of.</summary>
public sealed class SmallDisk : IDisposable
{
    private static readonly TimeSpan Limit = Wait.Limit;
    private readonly TemporaryFolder _folder = new();

    /// <summary>Mounts it.</summary>
    /// <exception cref="InvalidOperationException">That is not allowed here.</exception>
    public SmallDisk(int megabytes)
    {
        try
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.Path);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder.Path;

    private string Filler => _folder["filler"];

    /// <summary>The full path of a file on it.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Takes every byte that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
                filler.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(Filler);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Lazily: what is still open keeps it until it is closed.
        Run("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments) =>
        ChildProcess.RunAsync([ProgramPath.Require(program), .. arguments], Limit).GetAwaiter().GetResult();
}
