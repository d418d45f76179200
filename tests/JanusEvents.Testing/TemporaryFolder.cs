namespace JanusEvents.Testing;

/// <summary>A folder of its own under the system's temporary folder, deleted with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes the folder. Its path is short, since Unix sockets may lie in it (at most 107 bytes).</summary>
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("jev-").FullName;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The full path of a file or folder in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (IOException)
        {
            // A process that is just ending may still have made a file meanwhile.
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
