using System.IO.Compression;
using System.Text;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>The commands of the tool as an operator types them.</summary>
public sealed class CommandTests
{
    private const string Capture = "03-videoroom";

    private static readonly string s_capture = Repository.PathOf("tests", "data", "captures", Capture + ".zip");

    [Fact]
    public async Task What_was_imported_is_exported_as_Janus_sent_it_beside_a_host_with_SQLite()
    {
        using var folder = new TemporaryFolder();
        await ImportAndExport(folder, new SqliteStore(folder));
    }

    [FactNeeding(Capabilities.MariaDb)]
    [Trait("Category", "Slow")]
    public async Task What_was_imported_is_exported_as_Janus_sent_it_beside_a_host_with_MariaDB_and_a_spool()
    {
        using var folder = new TemporaryFolder();
        await ImportAndExport(folder, await MariaDbStore.StartAsync());
    }

    [Fact]
    public async Task An_exported_file_can_be_imported_into_an_empty_store_and_exported_again()
    {
        using var folder = new TemporaryFolder();

        // With combined statistics, and with contents of which much goes to the column extra.
        foreach (var capture in new[] { "07c-plain-combined-stats-no-server-name", "06b-external-events" })
            (await ToolCommand.RunAsync(folder.Path, ["import", s_capture.Replace(Capture, capture, StringComparison.Ordinal)])).Succeeded();
        var exported = (await ToolCommand.RunAsync(folder.Path, ["export"])).Succeeded();
        await File.WriteAllBytesAsync(folder["exported"], exported.Output);

        string[] other = ["--connection", "Data Source=other.db"];
        (await ToolCommand.RunAsync(folder.Path, [.. other, "import", "-"], input: folder["exported"])).Succeeded();
        var again = (await ToolCommand.RunAsync(folder.Path, ["export", .. other])).Succeeded();

        exported.Lines.Should().HaveCount(71 + 561);
        Encoding.UTF8.GetString(again.Output).Should().Be(Encoding.UTF8.GetString(exported.Output));
    }

    [Fact]
    public async Task What_a_table_refused_is_listed_and_stored_once_when_the_table_is_mended_in_tables_with_a_prefix()
    {
        using var folder = new TemporaryFolder();
        const string Prefix = "--JanusEvents:TablePrefix=janus_";
        await File.WriteAllLinesAsync(folder["first"], [Event(1)]);
        await File.WriteAllLinesAsync(folder["second"], [Event(2), Event(3)]);
        (await ToolCommand.RunAsync(folder.Path, [Prefix, "import", "first"])).Succeeded();
        await SqlAsync("CREATE UNIQUE INDEX once ON janus_sessions (COALESCE(event, ''))");
        (await ToolCommand.RunAsync(folder.Path, [Prefix, "import", "second"])).Succeeded();

        var list = (await ToolCommand.RunAsync(folder.Path, [Prefix, "rejected", "list"])).Succeeded();
        var inVain = (await ToolCommand.RunAsync(folder.Path, [Prefix, "rejected", "retry"])).Succeeded();
        await SqlAsync("DROP INDEX once");
        var retry = (await ToolCommand.RunAsync(folder.Path, [Prefix, "rejected", "retry"])).Succeeded();
        var export = (await ToolCommand.RunAsync(folder.Path, [Prefix, "export"])).Succeeded();

        list.Lines.Should().HaveCount(2).And.OnlyContain(line => line.Contains("\"reason\":\"Table janus_sessions: "));
        inVain.Errors.Should().Contain("Stored 0 of 2 rejected events; 2 stay rejected.");
        retry.Errors.Should().Contain("Stored 2 of 2 rejected events; 0 stay rejected.");
        retry.Output.Should().BeEmpty();
        export.Lines.Should().Equal(Event(1), Event(2), Event(3));

        Task SqlAsync(string sql) => ChildProcess.RunAsync(["sqlite3", folder["janusevents.db"], sql], Wait.Limit);
    }

    [Fact]
    public async Task A_reader_that_has_enough_ends_the_export_quietly()
    {
        using var folder = new TemporaryFolder();
        (await ToolCommand.RunAsync(folder.Path, ["import", s_capture])).Succeeded();

        var export = await ToolCommand.RunAsync(folder.Path, ["export"], pipe: "| head -n 1");

        export.Status.Should().Be(0);
        export.Lines.Should().ContainSingle().Which.Should().StartWith("{\"emitter\":");
        export.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Every_form_of_file_is_imported_and_an_invalid_element_is_reported_with_its_line()
    {
        using var folder = new TemporaryFolder();
        await Write("lines", Event(1) + "\r\n\n" + Event(2) + "\n{\"type\":1,\"sess\nnonsense\n" + Event(3) + "\n[]\n" + Array(4, 5));
        await Write("indented", "[\n   {\n      \"type\": 1,\n      \"session_id\": 6,\n      \"event\": {}\n   },\n   {\n      \"no\": \"event\"\n   }\n]\n");
        await Write("many", "\uFEFF{\n \"type\": 1, \"session_id\": 7, \"event\": {}}\n{\n \"type\": 1,\n \"session_id\": 8,\n \"event\": {}\n}\n");
        await Write("long", Array([.. Enumerable.Range(9, 10_011)]) + "\n");
        await using (var gzip = new GZipStream(File.Create(folder["gzip"]), CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Event(10_020) + "\n"));
        string[] files = ["lines", "indented", "many", "long", "gzip"];

        var import = await ToolCommand.RunAsync(folder.Path, ["import", .. files, "-"], input: folder["many"]);

        import.Status.Should().Be(1);
        import.Output.Should().BeEmpty();
        import.Errors.Should().Contain(
        [
            "lines, line 4: The line ends inside the JSON.",
            "lines, line 5: It is neither a JSON object nor a JSON array.",
            "indented, line 7: The object has no integer \"type\", so it is not an event of Janus.",
            "long: 10011 events in 101 bodies stored",
            "3 invalid elements, reported above; everything else is stored.",
        ]);
        var store = new SqliteStore(folder);
        (await store.ColumnAsync("select session from sessions order by id")).Select(int.Parse!)
            .Should().Equal(Enumerable.Range(1, 10_020), "the file that came again by the standard input is stored once");
        (await store.CountAsync("rejected")).Should().Be(1, "of a body that has events, the rest is kept");

        await ToolCommand.RunAsync(folder.Path, ["import", .. files]);
        (await store.CountAsync("sessions")).Should().Be(10_020);

        Task Write(string file, string content) => File.WriteAllTextAsync(folder[file], content);
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_clear_line_and_a_failure()
    {
        using var folder = new TemporaryFolder();
        var nowhere = new[] { "--JanusEvents:Store=MySql", $"--ConnectionStrings:JanusEvents=Server=127.0.0.1;Port={FreePort.Next()};User ID=j;Database=d" };
        (string[] Arguments, string Says)[] failures =
        [
            (["exprt"], "\"exprt\" is no command"),
            (["export", "--sesion", "5"], "--sesion"),
            (["export", "--session", "five"], "\"five\" is not a whole number"),
            (["export", "--from", "1st of May"], "\"1st of May\" is not a time"),
            (["export"], "janusevents.db"),
            (["import", "nothing.json"], "There is no file nothing.json"),
            (["schema", "upgrade"], "janusevents.db"),
            (["export", "--JanusEvents:Store", "Oracle"], "JanusEvents:Store is \"Oracle\""),
            (["export", "--store", "oracle"], "JanusEvents:Store is \"oracle\""),
            (["export", "--store", "mysql"], "ConnectionStrings:JanusEvents (--connection) must be set"),
            (["export", "--store", "mysql", "--connection", "Server=localhost"], "names no database"),
            (["export", "--connection", "Server=localhost;User ID=janus"], "add --store mysql"),
            (["export", .. nowhere], "database"),
            (["import", "/dev/null", .. nowhere], "database"),
            (["schema", "upgrade", "--script", .. nowhere], "database"),
        ];

        foreach (var some in failures.Chunk(3))
        {
            await Task.WhenAll(some.Select(async failure =>
            {
                var command = await ToolCommand.RunAsync(folder.Path, failure.Arguments);

                var what = string.Join(' ', failure.Arguments);
                command.Status.Should().NotBe(0, what);
                command.Output.Should().BeEmpty(what);
                command.Errors.Should().ContainSingle(what).Which.Should().Contain(failure.Says, what);
            }));
        }

        Directory.GetFiles(folder.Path).Should().BeEmpty("no store is made where none was asked for");
        var help = (await ToolCommand.RunAsync(folder.Path, ["export", "--help"])).Succeeded();
        help.Lines.Should().Contain(line => line.Contains("--session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_store_is_that_of_the_options_or_of_the_arguments_or_of_the_environment_or_of_the_file_in_the_working_directory()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["events"], Event(1));
        await File.WriteAllTextAsync(folder["appsettings.json"], """{ "ConnectionStrings": { "JanusEvents": "Data Source=file.db" } }""");
        KeyValuePair<string, string?> environment = new("ConnectionStrings__JanusEvents", "Data Source=environment.db");
        const string Argument = "--ConnectionStrings:JanusEvents=Data Source=argument.db";

        (await ToolCommand.RunAsync(folder.Path, ["import", "events"])).Succeeded();
        (await ToolCommand.RunAsync(folder.Path, ["import", "events"], variables: [environment])).Succeeded();
        (await ToolCommand.RunAsync(folder.Path, ["import", "events", Argument], variables: [environment])).Succeeded();
        (await ToolCommand.RunAsync(
            folder.Path, ["import", "events", "--store", "Sqlite", "--connection", "Data Source=option.db", Argument], variables: [environment])).Succeeded();

        Directory.GetFiles(folder.Path, "*.db").Select(Path.GetFileName)
            .Should().BeEquivalentTo("file.db", "environment.db", "argument.db", "option.db");
    }

    [Fact]
    public async Task Ctrl_C_ends_a_command_with_130()
    {
        using var folder = new TemporaryFolder();
        await ChildProcess.RunAsync(["mkfifo", folder["pipe"]], Wait.Limit);
        await using var import = ChildProcess.Start(
            // A run in the background ignores the signal, and so would its children.
            ["env", "--default-signal=INT", "bash", "-c", "exec \"$@\" <> pipe", "bash", .. ToolCommand.Line(["import", "-"])],
            folder.Path,
            environment: new Dictionary<string, string?> { ["DOTNET_EnableDiagnostics"] = "0" });
        await ChildProcess.RunAsync(["bash", "-c", $"echo nonsense > {folder["pipe"]}"], Wait.Limit);
        await import.WaitForLineAsync(
            line => line.StartsWith("standard input, line 1: ", StringComparison.Ordinal), Wait.Limit, "the first line to be read");

        import.Send(Signal.Interrupt);

        (await import.WaitForExitAsync(Wait.Limit)).Should().Be(130, import.Output);
        import.Output.Should().NotContain("   at ");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_published_database_is_upgraded_beside_a_host_and_its_SQL_can_be_printed()
    {
        using var folder = new TemporaryFolder();
        await using var store = await MariaDbStore.StartAsync();
        await store.QueryAsync(await File.ReadAllTextAsync(Repository.PathOf("tests", "data", "published.sql")));
        await using var host = await SampleHostProcess.StartAsync(folder.Path, [.. store.HostArguments]);

        var script = (await ToolCommand.RunAsync(folder.Path, ["schema", "upgrade", "--script", .. store.HostArguments])).Succeeded();
        var before = await ColumnsOfSdps();
        var upgrade = (await ToolCommand.RunAsync(folder.Path, ["schema", "upgrade", .. store.HostArguments])).Succeeded();

        script.Lines.Should().Contain(line => line.Contains("ALTER TABLE", StringComparison.Ordinal));
        before.Should().NotContain("extra", "printing changes nothing");
        (await ColumnsOfSdps()).Should().Contain("extra");
        upgrade.Output.Should().BeEmpty("progress goes to standard error");
        upgrade.Errors.Should().Contain(line => line.Contains("sdps", StringComparison.Ordinal), "it says how far it is");
        (await new JanusSender(host.Url).SendAsync($"[{Event(1)}]")).Status.Should().Be(200);

        var schema = (await ToolCommand.RunAsync(folder.Path, ["schema", .. store.HostArguments])).Succeeded();
        schema.Lines.Should().Contain(line => line.StartsWith("CREATE TABLE", StringComparison.Ordinal));
        var sqlite = (await ToolCommand.RunAsync(folder.Path, ["schema"])).Succeeded();
        sqlite.Output.Should().NotEqual(schema.Output);

        async Task<IReadOnlyList<string?>> ColumnsOfSdps() =>
            await store.ColumnAsync("select column_name from information_schema.columns where table_schema = database() and table_name = 'sdps'");
    }

    [Fact]
    public async Task Facts_about_rooms_are_made_again_beside_a_host()
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        await using var host = await SampleHostProcess.StartAsync(folder.Path, [.. store.HostArguments]);
        (await ToolCommand.RunAsync(folder.Path, ["import", s_capture, .. store.HostArguments])).Succeeded();
        var stays = await store.ColumnAsync("select handle from stays order by began");
        await store.ColumnAsync("delete from facts");

        var rebuild = (await ToolCommand.RunAsync(folder.Path, ["rebuild", .. store.HostArguments])).Succeeded();

        rebuild.Output.Should().BeEmpty("progress goes to standard error");
        rebuild.Errors.Should().Contain(line => line.StartsWith("Created ", StringComparison.Ordinal));
        stays.Should().HaveCount(9);
        (await store.ColumnAsync("select handle from stays order by began")).Should().Equal(stays);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Texts_that_a_published_database_cut_are_exported_as_strings_and_reported()
    {
        using var folder = new TemporaryFolder();
        await using var store = await MariaDbStore.StartAsync();
        await store.QueryAsync(await File.ReadAllTextAsync(Repository.PathOf("tests", "data", "published.sql")));
        await store.QueryAsync("""
            SET sql_mode = '';
            INSERT INTO plugins (session, handle, plugin, event, timestamp) VALUES
              (501, 601, 'janus.plugin.sip', CONCAT('{"event":"sip-in","sip":"', REPEAT('x', 4000), '"}'), '2017-05-01 09:30:02'),
              (501, 601, 'janus.plugin.echotest', '{"audio_active":true}', '2017-05-01 09:30:03');
            INSERT INTO transports (session, handle, plugin, event, timestamp) VALUES
              (NULL, NULL, '', CONCAT('{"event":"request","x":"', REPEAT('y', 400), '"}'), '2017-05-01 09:30:04');
            """);

        var export = await ToolCommand.RunAsync(folder.Path, ["export", .. store.HostArguments]);
        var rebuild = await ToolCommand.RunAsync(folder.Path, ["rebuild", .. store.HostArguments]);

        export.Status.Should().Be(1);
        export.Lines.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("event").GetProperty("data"))
            .Select(data => data.ValueKind == System.Text.Json.JsonValueKind.String ? $"{data.GetString()!.Length}" : data.GetRawText())
            .Should().BeEquivalentTo("3000", "300", """{"audio_active":true}""");
        export.Errors.Should().Contain([
            "plugins, row 1: The column event holds a text that is no JSON.",
            "transports, row 1: The column event holds a text that is no JSON.",
            "2 damaged rows, reported above; 2 of them are exported with what they hold.",
        ]);
        rebuild.Status.Should().Be(1);
        rebuild.Errors.Should().Contain(line => line.Contains("Row 1 of table plugins", StringComparison.Ordinal));
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_shutdown_as_the_published_program_wrote_it_ends_the_stays_and_is_exported_as_Janus_sends_it()
    {
        using var folder = new TemporaryFolder();
        await using var store = await MariaDbStore.StartAsync();
        await store.QueryAsync(await File.ReadAllTextAsync(Repository.PathOf("tests", "data", "published.sql")));
        await store.QueryAsync("""
            INSERT INTO core (name, value, timestamp) VALUES ('status', 'started', '2026-05-01 08:00:00');
            INSERT INTO plugins (session, handle, plugin, event, timestamp) VALUES
              (501, 601, 'janus.plugin.videoroom', '{"event":"joined","room":1234,"id":77,"private_id":9,"display":"Ann"}', '2026-05-01 09:00:02');
            INSERT INTO core (name, value, timestamp) VALUES ('status', 'shutdown (15)', '2026-05-01 10:00:00');
            """);

        foreach (var upgraded in new[] { false, true })
        {
            if (upgraded)
                (await ToolCommand.RunAsync(folder.Path, ["schema", "upgrade", .. store.HostArguments])).Succeeded();
            (await ToolCommand.RunAsync(folder.Path, ["rebuild", .. store.HostArguments])).Succeeded();
            var export = (await ToolCommand.RunAsync(folder.Path, ["export", .. store.HostArguments])).Succeeded();

            (await store.ColumnAsync("select ended from stays")).Should().Equal("2026-05-01 10:00:00.000000");
            export.Lines.Should().Contain(line => line.EndsWith("\"event\":{\"status\":\"shutdown\",\"signum\":15}}", StringComparison.Ordinal));
            export.Lines.Should().NotContain(line => line.Contains("(15)", StringComparison.Ordinal));
        }
    }

    private static async Task ImportAndExport(TemporaryFolder folder, Store store)
    {
        await using var disposed = store;
        await using var host = await SampleHostProcess.StartAsync(folder.Path, [.. store.HostArguments]);
        var sent = Captures.Events(Capture).Select(line => Encoding.UTF8.GetString(line.Span)).Where(line => line.Length > 0).ToList();

        // Twice: the second time nothing is stored.
        var import = (await Run("import", s_capture)).Succeeded();
        import.Output.Should().BeEmpty();
        import.Errors.Should().Contain($"{s_capture}: {sent.Count} events in 293 bodies stored");
        (await Run("import", s_capture)).Succeeded();
        (await new JanusSender(host.Url).SendAsync($"[{Event(77)}]")).Status.Should().Be(200);
        await Wait.UntilAsync(
            async () => await store.CountAsync("sessions where session=77") == 1, Wait.Limit, "what the host received to be stored", () => host.Output);

        (await Run("export")).Succeeded().Lines.Should().Equal(sent.Append(Event(77)), "byte for byte, in the order of arrival");

        var ofHandle = sent.Where(line => line.Contains("\"handle_id\":", StringComparison.Ordinal)).ToList()[100];
        var session = NumberAfter(ofHandle, "\"session_id\":");
        var handle = NumberAfter(ofHandle, "\"handle_id\":");
        var microseconds = long.Parse(NumberAfter(ofHandle, "\"timestamp\":"), System.Globalization.CultureInfo.InvariantCulture);
        var from = DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10);
        (await Run(
                "export", "--session", session, "--handle", handle, "--emitter", "janus-capture-1",
                "--from", from.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", null),
                "--to", from.AddSeconds(20).ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", null)))
            .Succeeded().Lines.Should().NotBeEmpty().And.Equal(sent.Where(line =>
                line.Contains($"\"session_id\":{session},\"handle_id\":{handle},", StringComparison.Ordinal)
                && long.Parse(NumberAfter(line, "\"timestamp\":"), System.Globalization.CultureInfo.InvariantCulture) - microseconds is >= 0 and < 20_000_000));
        var room = NumberAfter(sent.First(line => line.Contains("\"room\":", StringComparison.Ordinal)), "\"room\":");
        (await Run("export", "--room", room)).Succeeded().Lines.Should()
            .OnlyContain(line => sent.Contains(line)).And.Contain(line => line.Contains("\"media\":", StringComparison.Ordinal));
        (await Run("export", "--room", "another")).Succeeded().Output.Should().BeEmpty();
        (await Run("export", "--emitter", "another")).Succeeded().Output.Should().BeEmpty();

        Task<ToolCommand> Run(params string[] arguments) => ToolCommand.RunAsync(folder.Path, [.. arguments, .. store.HostArguments]);
    }

    private static string Event(int session) => $$$"""{"type":1,"session_id":{{{session}}},"event":{"name":"created"}}""";

    private static string Array(params int[] sessions) => $"[{string.Join(',', sessions.Select(Event))}]";

    private static string NumberAfter(string line, string name)
    {
        var start = line.IndexOf(name, StringComparison.Ordinal) + name.Length;
        var end = start;
        while (char.IsAsciiDigit(line[end]))
            end++;
        return line[start..end];
    }
}
