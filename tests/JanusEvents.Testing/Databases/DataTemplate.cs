namespace JanusEvents.Testing;

/// <summary>
/// The data of a newly installed server, kept in memory: a copy on disk would be left behind, since the test runner ends
/// its processes before they could delete one.
/// </summary>
internal sealed class DataTemplate
{
    private readonly List<(string Path, byte[] Content)> _files;
    private readonly List<string> _folders;

    /// <summary>Reads a data folder.</summary>
    public DataTemplate(string folder)
    {
        _folders = [.. Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f))];
        _files =
        [
            .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => (Path.GetRelativePath(folder, f), File.ReadAllBytes(f))),
        ];
    }

    /// <summary>Makes a data folder like it.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in _folders)
            Directory.CreateDirectory(Path.Combine(folder, path));
        foreach (var (path, content) in _files)
            File.WriteAllBytes(Path.Combine(folder, path), content);
    }
}
