namespace JanusEvents.Testing;

/// <summary>The <c>dotnet</c> command, run by a test as a user would run it.</summary>
public static class DotNetCommand
{
    // What "dotnet test" sets for itself, and its children would take for their own.
    private static readonly string[] OfTheTestRun =
    [
        "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildSDKsPath", "MSBuildLoadMicrosoftTargetsReadOnly",
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS",
    ];

    // Below the time after which test.sh ends a project in which nothing happens.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(9);

    /// <summary>The program.</summary>
    public static string Program => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? ProgramPath.Require("dotnet");

    /// <summary>The variables that every such command runs with: nothing of it stays running, nothing of it asks the internet.</summary>
    public static IReadOnlyDictionary<string, string?> Variables { get; } =
        OfTheTestRun.Select(name => KeyValuePair.Create(name, (string?)null))
            .Append(new("MSBUILDDISABLENODEREUSE", "1"))
            .Append(new("DOTNET_CLI_USE_MSBUILD_SERVER", "0"))
            .Append(new("UseSharedCompilation", "false"))
            .Append(new("NuGetAudit", "false"))
            .Append(new("DOTNET_CLI_TELEMETRY_OPTOUT", "1"))
            .Append(new("DOTNET_NOLOGO", "1"))
            .Append(new("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1"))
            .Append(new("DOTNET_EnableDiagnostics", "0")) // a killed process would leave its diagnostic sockets behind
            .ToDictionary();

    /// <summary>Runs it to its end and returns what it wrote.</summary>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="packages">The folder that packages are unpacked into; null is the user's own.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message has its output.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string workingDirectory, string? packages, params string[] arguments)
    {
        var variables = Variables.ToDictionary();
        if (packages is not null)
            variables["NUGET_PACKAGES"] = packages;
        await using var child = ChildProcess.Start([Program, .. arguments], workingDirectory, environment: variables);
        var exitCode = await child.WaitForExitAsync(s_limit).ConfigureAwait(false);
        return exitCode == 0
            ? child.Lines
            : throw new InvalidOperationException(
                $"\"dotnet {string.Join(' ', arguments)}\" ended with exit code {exitCode}:{Environment.NewLine}{child.Output}");
    }
}
