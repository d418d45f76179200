using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>The sample that reads bodies from files, as its user meets it.</summary>
public sealed class FileReaderTests
{
    private const string Assembly = "JanusEvents.FileReader.dll";

    private static readonly TimeSpan Limit = Wait.Limit;

    private static readonly string Output =
        Repository.PathOf("samples", "JanusEvents.FileReader", "bin", Repository.Configuration, "net10.0");

    [Fact]
    public async Task It_reports_the_handles_of_a_capture_once_though_each_body_is_there_twice()
    {
        using var folder = new TemporaryFolder();
        var bodies = Captures.Bodies("02-echotest").ToList();
        foreach (var body in bodies)
        {
            await File.WriteAllBytesAsync(folder[body.FileName], body.Json);
            await File.WriteAllBytesAsync(folder[$"recorded-again-{body.FileName}"], body.Json);
        }

        await using var reader = Start(folder.Path);

        (await reader.WaitForExitAsync(Limit)).Should().Be(0);
        var parser = new JanusEventParser();
        var events = bodies.SelectMany(body => parser.Parse(body.Json).Events).ToList();
        var handles = events.Where(e => e.HandleId is not null).Select(e => (e.Emitter, e.SessionId, e.HandleId)).Distinct().ToList();
        reader.Lines[^1].Should().Be($"{events.Count} events in {bodies.Count} bodies, {handles.Count} handles, {bodies.Count} bodies seen before");
        reader.Lines.Should().HaveCount(handles.Count + 1)
            .And.Contain(line => line.Contains("janus.plugin.echotest, ICE ready, DTLS connected", StringComparison.Ordinal)
                || line.Contains("janus.plugin.echotest, ICE connected, DTLS connected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_one_clear_line_and_a_failure()
    {
        using var folder = new TemporaryFolder();

        await using var reader = Start(folder["missing.json"]);

        (await reader.WaitForExitAsync(Limit)).Should().Be(1);
        reader.Lines.Should().ContainSingle().Which.Should().Contain("missing.json");
    }

    [Fact]
    public async Task It_comes_without_hosting_health_checks_and_binder_and_the_parser_loads_the_options_package_alone()
    {
        using var folder = new TemporaryFolder();
        var body = Captures.Bodies("02-echotest").First();
        await File.WriteAllBytesAsync(folder[body.FileName], body.Json);

        // Without the list of dependencies, the runtime looks for an assembly only when it is needed.
        Directory.CreateDirectory(folder["alone"]);
        foreach (string name in new[] { Assembly, "JanusEvents.FileReader.runtimeconfig.json", "JanusEvents.Core.dll", "Microsoft.Extensions.Options.dll" })
            File.Copy(Path.Combine(Output, name), Path.Combine(folder["alone"], name));
        await using var reader = Run(Path.Combine(folder["alone"], Assembly), folder[body.FileName]);

        (await reader.WaitForExitAsync(Limit)).Should().Be(0);
        Directory.GetFiles(Output, "*.dll").Select(Path.GetFileNameWithoutExtension).Should().Contain("JanusEvents.Core").And.NotContain(
        [
            "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Configuration.Binder",
        ]);
    }

    private static ChildProcess Start(params string[] paths) => Run(Path.Combine(Output, Assembly), paths);

    private static ChildProcess Run(string assembly, params string[] paths) => ChildProcess.Start(
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", assembly, .. paths], Path.GetTempPath());
}
