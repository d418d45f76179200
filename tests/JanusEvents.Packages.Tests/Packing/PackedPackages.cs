using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Packing;

/// <summary>What <c>dotnet pack</c> makes of the solution, once for all tests of this project.</summary>
public sealed class PackedPackages : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The name of the package that is a tool.</summary>
    public const string Tool = "JanusEvents.Tool";

    /// <summary>The names of all packages that are libraries, those first that others depend on.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["JanusEvents.Core", "JanusEvents.Monitoring", "JanusEvents.Spool", "JanusEvents.Relational", "JanusEvents.MySql", "JanusEvents.Sqlite", "JanusEvents.AspNetCore", "JanusEvents.Dashboard", "JanusEvents.RabbitMq", "JanusEvents.Mqtt"];

    /// <summary>The folder that they were packed into: a package source.</summary>
    public string Folder => _folder.Path;

    /// <summary>What <c>dotnet pack</c> wrote.</summary>
    public IReadOnlyList<string> Output { get; private set; } = [];

    /// <summary>One of them.</summary>
    public Package this[string name] => new(Folder, name);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        // A Release build of the tests has just built what is packed.
        Output = await DotNetCommand.RunAsync(
            Repository.Root,
            packages: null,
            ["pack", "JanusEvents.Core.sln", "-c", "Release", "-o", Folder, .. Repository.Configuration == "Release" ? ["--no-build"] : Array.Empty<string>()]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
