using System.Text.Json;
using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The tool as its user installs and runs it.</summary>
[Collection(PackedPackagesTests.Name)]
public sealed class InstalledToolTests(PackedPackages packages, MariaDbFixture mariaDb)
{
    [Fact]
    public async Task Every_command_works_on_SQLite_with_the_store_as_options()
    {
        using var user = await InstallAsync();
        var file = user["stored.db"];

        await RunEveryCommandAsync(user, sql => SqliteFile.ValueAsync(file, sql), "--store", "sqlite", "--connection", $"Data Source={file}");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Every_command_works_on_MariaDB_with_the_store_in_the_settings_of_the_host_whose_folder_it_runs_in()
    {
        using var user = await InstallAsync();
        var database = await mariaDb.CreateDatabaseAsync();
        await File.WriteAllTextAsync(user["appsettings.json"], JsonSerializer.Serialize(new
        {
            JanusEvents = new { Store = "MySql" },
            ConnectionStrings = new { JanusEvents = database.ConnectionString },
        }));

        await RunEveryCommandAsync(user, database.ValueAsync);
    }

    private async Task<PackageUser> InstallAsync()
    {
        var user = await PackageUser.CreateAsync(packages.Folder);
        try
        {
            // From the source that the user's nuget.config names; --add-source does not go with a mapping of packages to sources.
            await user.DotNetAsync("", "tool", "install", PackedPackages.Tool, "--tool-path", user["tools"]);
            return user;
        }
        catch
        {
            user.Dispose();
            throw;
        }
    }

    private static async Task RunEveryCommandAsync(PackageUser user, Func<string, Task<string?>> value, params string[] store)
    {
        (await RunAsync("import", Recording.File)).Should().Contain(line => line.Contains($": {Recording.Events} events in ", StringComparison.Ordinal));
        await Recording.FindRowsAsync(value);
        Recording.FindEvents(string.Join('\n', await RunAsync("export")));
        (await RunAsync("schema")).Should().Contain(line => line.StartsWith("CREATE TABLE", StringComparison.Ordinal));
        (await RunAsync("schema", "upgrade", "--script")).Should().NotContain(line => line.StartsWith("ALTER", StringComparison.Ordinal));
        (await RunAsync("schema", "upgrade")).Should().NotBeEmpty();
        // What takes longer than a moment reports its progress first.
        (await RunAsync("rebuild"))[^1].Should().StartWith("Created ");
        (await RunAsync("rejected", "list")).Should().BeEmpty();
        (await RunAsync("rejected", "retry")).Should().Contain("Stored 0 of 0 rejected events; 0 stay rejected.");

        async Task<IReadOnlyList<string>> RunAsync(params string[] arguments)
        {
            var variables = DotNetCommand.Variables.ToDictionary();
            variables["DOTNET_ROOT"] = Path.GetDirectoryName(File.ResolveLinkTarget(DotNetCommand.Program, returnFinalTarget: true)?.FullName ?? DotNetCommand.Program);
            await using var command = ChildProcess.Start([user["tools/janusevents"], .. arguments, .. store], user[""], environment: variables);
            (await command.WaitForExitAsync(Wait.Limit)).Should().Be(0, command.Output);
            return command.Lines;
        }
    }
}
