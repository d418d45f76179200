namespace JanusEvents.Testing;

/// <summary>Where programs are installed.</summary>
public static class ProgramPath
{
    // An ordinary user's PATH often leaves out the folders in which Debian has servers and "ip".
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The full path of a program, or null where it is not installed.</summary>
    public static string? Find(string program) =>
        Folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    /// <summary>The full path of a program.</summary>
    public static string Require(string program) =>
        Find(program) ?? throw new FileNotFoundException($"{program} is not installed; test.sh installs what the tests need.");
}
