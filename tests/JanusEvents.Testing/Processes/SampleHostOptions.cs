namespace JanusEvents.Testing;

/// <summary>How the sample host is started.</summary>
public sealed record SampleHostOptions
{
    /// <summary>The program as the solution builds it, of the same configuration as the running tests.</summary>
    public static string BuiltProgram { get; } = Repository.PathOf(
        "samples", "JanusEvents.SampleHost", "bin", Repository.Configuration, "net10.0", "JanusEvents.SampleHost.dll");

    /// <summary>Where it runs, and so where it makes its SQLite file.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Its arguments, without <c>--urls</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The port of 127.0.0.1 that it is to listen on.</summary>
    public int Port { get; init; } = FreePort.Next();

    /// <summary>Whether it has the culture that its variables say (<c>LC_ALL</c>), if the program leaves that open.</summary>
    public bool HasCulture { get; init; }

    /// <summary>Variables of its environment, besides those that each host gets; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The network namespace to run in.</summary>
    public NetworkNamespace? Inside { get; init; }

    /// <summary>The program's assembly.</summary>
    public string Program { get; init; } = BuiltProgram;
}
