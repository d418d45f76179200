using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>The sample that reads bodies from files, as its user meets it.</summary>
public sealed class FileReaderTests
{
    private static readonly TimeSpan Limit = Wait.Limit;

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

    private static ChildProcess Start(params string[] paths) => ChildProcess.Start(
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Repository.PathOf("samples", "JanusEvents.FileReader", "bin", Repository.Configuration, "net10.0", "JanusEvents.FileReader.dll"),
            .. paths,
        ],
        Path.GetTempPath());
}
