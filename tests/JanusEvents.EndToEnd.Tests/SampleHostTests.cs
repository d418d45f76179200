using System.Diagnostics;
using System.Text.Json.Nodes;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>The sample host as its user meets it: starting, stopping, what it prints and where it stores.</summary>
public sealed class SampleHostTests
{
    private const string Body = """
        [{"emitter":"a-janus","type":1,"timestamp":1795323726312012,"session_id":5976879829026834,"event":{"name":"created"}}]
        """;

    [FactNeeding(Capabilities.Sqlite)]
    public async Task It_stores_into_the_working_directory_for_any_SQLite_client()
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(folder.Path);

        (await new JanusSender(new Uri(host.Url, "/")).SendAsync(Body)).Status.Should().Be(200);

        var rows = await ChildProcess.RunAsync(
            ["sqlite3", "-batch", folder["janusevents.db"], "select session, event from sessions where event='created'"],
            Wait.Limit);
        rows.Should().Equal("5976879829026834|created");
        host.Output.Should().Contain(folder["janusevents.db"], "it says where it stores");
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri(host.Url, "/health"))).Should().Be("Healthy");
    }

    [TheoryNeeding(Capabilities.Janus)]
    [InlineData("janus.eventhandler.sampleevh.jcfg", "general: {", "}")]
    [InlineData("janus.eventhandler.sampleevh.cfg", "[general]", "")]
    [InlineData("janus.eventhandler.wsevh.jcfg", "general: {", "}")]
    public async Task A_Janus_configured_with_the_printed_lines_sends_to_it(string file, string firstLine, string lastLine)
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(folder.Path);
        await using var store = new SqliteStore(folder);
        host.Output.Should().Contain(file);
        var lines = host.Lines.Select(line => line.Trim())
            .SkipWhile(line => !line.Contains(file, StringComparison.Ordinal)).SkipWhile(line => line != firstLine).ToList();
        var printed = string.Join('\n', lines.Take(lines.IndexOf(lastLine) + 1)) + "\n";

        await using var janus = await JanusServer.StartAsync(new JanusServerOptions
        {
            Backend = "replaced by the printed lines",
            Configure = configuration =>
            {
                configuration.Delete("janus.eventhandler.sampleevh.jcfg");
                configuration.Write(file, printed);
            },
        });
        var session = await janus.CreateSessionAsync();

        await Wait.UntilAsync(
            async () => await store.CountAsync($"sessions where session={session} and event='created'") == 1,
            Wait.Limit,
            $"the session to be stored, with {file}:\n{printed}",
            () => host.Output + janus.Log);
    }

    [Fact]
    public async Task It_prints_a_line_for_each_POST_without_what_the_events_say()
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(folder.Path);

        await new JanusSender(host.Url).SendAsync(Body);

        await host.WaitForLineAsync(line => line.Contains("1 session", StringComparison.Ordinal), Wait.Limit, "the line about the POST");
        host.Output.Should().NotContain("5976879829026834");
    }

    [Fact]
    public async Task It_prints_every_event_when_asked()
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(folder.Path, "--JanusEvents:Print=true");

        await new JanusSender(host.Url).SendAsync(Body);

        await host.WaitForLineAsync(line => line == Body[1..^1], Wait.Limit, "the event's JSON as it came");
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line_and_a_failure()
    {
        using var folder = new TemporaryFolder();
        await using var first = await SampleHostProcess.StartAsync(folder.Path);

        using var other = new TemporaryFolder();
        await using var second = SampleHostProcess.Launch(
            new SampleHostOptions { WorkingDirectory = other.Path, Port = first.Url.Port });
        var exitCode = await second.WaitForExitAsync(Wait.Limit);

        exitCode.Should().NotBe(0);
        second.Lines.Should().ContainSingle(line => line.Contains("in use", StringComparison.OrdinalIgnoreCase))
            .Which.Should().Contain($"127.0.0.1:{first.Url.Port}");
        second.Output.Should().NotContain("Unhandled exception").And.NotContain("   at ");
    }

    [Fact]
    public async Task It_ends_on_SIGTERM_with_exit_code_0()
    {
        using var folder = new TemporaryFolder();
        await using var host = await SampleHostProcess.StartAsync(folder.Path);
        await new JanusSender(host.Url).SendAsync(Body);

        (await host.StopAsync()).Should().Be(0);
    }

    [Fact]
    public async Task It_finds_the_settings_beside_the_program_from_any_folder()
    {
        using var program = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(SampleHostOptions.BuiltProgram)!))
            File.Copy(file, program[Path.GetFileName(file)]);
        CopyFolder("runtimes", program);
        var settings = JsonNode.Parse(File.ReadAllText(program["appsettings.json"]))!;
        settings["ConnectionStrings"] = new JsonObject { ["JanusEvents"] = $"Data Source={folder["elsewhere.db"]}" };
        File.WriteAllText(program["appsettings.json"], settings.ToJsonString());

        await using var host = await SampleHostProcess.StartAsync(new SampleHostOptions
        {
            WorkingDirectory = folder.Path,
            Program = program[Path.GetFileName(SampleHostOptions.BuiltProgram)],
        });
        await new JanusSender(host.Url).SendAsync(Body);

        File.Exists(folder["elsewhere.db"]).Should().BeTrue();
        File.Exists(folder["janusevents.db"]).Should().BeFalse();
    }

    [Fact]
    public async Task What_was_stored_before_is_there_after_a_crash()
    {
        using var folder = new TemporaryFolder();
        await using (var host = await SampleHostProcess.StartAsync(folder.Path))
        {
            (await new JanusSender(host.Url).SendAsync(Body)).Status.Should().Be(200);
            await host.KillAsync();
        }

        await using var again = await SampleHostProcess.StartAsync(folder.Path);
        await using var store = new SqliteStore(folder);
        (await new JanusSender(again.Url).SendAsync(Body)).Status.Should().Be(200);

        (await store.CountAsync("sessions")).Should().Be(1, "the body that came again is acknowledged and not stored");
    }

    private static void CopyFolder(string name, TemporaryFolder to)
    {
        var from = Path.Combine(Path.GetDirectoryName(SampleHostOptions.BuiltProgram)!, name);
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = to[Path.Combine(name, Path.GetRelativePath(from, file))];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
