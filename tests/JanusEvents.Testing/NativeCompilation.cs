using System.ComponentModel;

namespace JanusEvents.Testing;

/// <summary>What an application is compiled to native code with; no package of this repository needs it.</summary>
internal static class NativeCompilation
{
    private static readonly Lazy<string?> Lack = new(() => TryAsync().GetAwaiter().GetResult());

    /// <summary>
    /// Why native code cannot be compiled here; null when it can. The compiler is then in the user's package folder, since a
    /// restore is how it is found out.
    /// </summary>
    public static string? WhatIsMissing => Lack.Value;

    private static async Task<string?> TryAsync() =>
        await TryLinkingAsync().ConfigureAwait(false) ?? await TryRestoringAsync().ConfigureAwait(false);

    // The .NET SDK links by clang, or else by gcc.
    private static async Task<string?> TryLinkingAsync()
    {
        if ((ProgramPath.Find("clang") ?? ProgramPath.Find("gcc")) is not { } compiler)
            return "neither clang nor gcc is installed (Debian packages gcc and libc6-dev)";

        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["probe.c"], "int main(void) { return 0; }\n").ConfigureAwait(false);
        try
        {
            await ChildProcess.RunAsync([compiler, "-o", folder["probe"], folder["probe.c"]], TimeSpan.FromMinutes(1)).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or Win32Exception)
        {
            return $"{compiler} cannot link a program (Debian package libc6-dev): {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static async Task<string?> TryRestoringAsync()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder["Probe.csproj"],
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <PublishAot>true</PublishAot>
              </PropertyGroup>
            </Project>
            """).ConfigureAwait(false);
        try
        {
            await DotNetCommand.RunAsync(folder.Path, packages: null, "restore").ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            var error = e.Message.Split('\n').FirstOrDefault(line => line.Contains("error NU", StringComparison.Ordinal)) ?? e.Message;
            return $".NET's native compiler cannot be restored ({error.Trim()})";
        }
    }
}
