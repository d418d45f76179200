namespace JanusEvents.Testing;

/// <summary>The packages that a self-contained application is published with; no package of this repository needs them.</summary>
internal static class RuntimePacks
{
    private static readonly Lazy<string?> Lack = new(() => TryAsync().GetAwaiter().GetResult());

    /// <summary>Why they are not there; null when they are (in the user's package folder, from now on at the latest).</summary>
    public static string? WhatIsMissing => Lack.Value;

    private static async Task<string?> TryAsync()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder["Probe.csproj"],
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <PublishTrimmed>true</PublishTrimmed>
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
            return $"the runtime packs of .NET cannot be restored ({error.Trim()})";
        }
    }
}
