using System.Globalization;
using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>What somebody does who finds the packages: a new web application, the packages, the README's lines, a body.</summary>
[Collection(PackedPackagesTests.Name)]
public sealed class NewApplicationTests(PackedPackages packages)
{
    private const string Body = """
        [{"emitter":"a-janus","type":1,"timestamp":1795323726312012,"session_id":5976879829026834,"event":{"name":"created"}},
         {"emitter":"a-janus","type":16,"subtype":5,"timestamp":1795323726412012,"session_id":5976879829026834,"handle_id":42,"event":{"dtls":"connected","stream_id":1,"component_id":1}}]
        """;

    private static readonly string[] Tables = ["sessions", "dtls"];

    [Fact]
    public async Task A_new_web_application_with_the_packages_and_the_lines_of_the_README_stores_what_is_posted()
    {
        using var user = await PackageUser.CreateAsync(packages.Folder);
        var program = await MakeAsync(user, ReadMe.Program, "JanusEvents.AspNetCore", "JanusEvents.Sqlite");

        await using (var host = await RunningApplication.StartAsync(program, user["Host"]))
        {
            (await host.PostAsync("/janus/events", Body)).Should().Be(200, host.Output);
            (await host.StopAsync()).Should().Be(0, host.Output);
        }

        await FindRowsAsync(user["Host/janusevents.db"]);
    }

    [FactNeeding(Capabilities.RuntimePacks)]
    public async Task It_stores_as_well_when_it_is_published_trimmed_and_the_linker_warns_of_nothing()
    {
        using var user = await PackageUser.CreateAsync(packages.Folder);
        Directory.CreateDirectory(user["Host"]);
        await File.WriteAllTextAsync(user["Host/Program.cs"], ReadMe.Program);
        // All of the packages is kept and looked at, not only what this program happens to call. JanusEvents.MySql is looked
        // at without its driver.
        await File.WriteAllBytesAsync(user["JanusEvents.MySql.dll"], packages["JanusEvents.MySql"].Read("lib/net10.0/JanusEvents.MySql.dll"));
        await File.WriteAllTextAsync(user["Host/Host.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <PublishTrimmed>true</PublishTrimmed>
                <TrimMode>full</TrimMode>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="JanusEvents.AspNetCore" Version="*" />
                <PackageReference Include="JanusEvents.Sqlite" Version="*" />
              </ItemGroup>
              <ItemGroup>
                <Reference Include="JanusEvents.MySql" HintPath="../JanusEvents.MySql.dll" />
                <TrimmerRootAssembly Include="{string.Join(';', PackedPackages.Names)}" />
              </ItemGroup>
            </Project>
            """);
        await user.DotNetAsync("Host", "publish", "-c", "Release", "-o", user["published"]);

        await using (var host = await RunningApplication.StartAsync([user["published/Host"]], user["published"]))
        {
            (await host.PostAsync("/janus/events", Body)).Should().Be(200, host.Output);
            (await host.StopAsync()).Should().Be(0, host.Output);
        }

        await FindRowsAsync(user["published/janusevents.db"]);
    }

    [FactNeeding(Capabilities.MySqlConnectorFeed | Capabilities.MariaDb)]
    public async Task With_JanusEvents_MySql_its_driver_comes_along_and_the_rows_are_in_MariaDB()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        using var user = await PackageUser.CreateAsync(packages.Folder, Machine.MySqlConnectorFeed);
        var program = await MakeAsync(
            user,
            ReadMe.Program.Replace(
                "AddSqlite(\"Data Source=janusevents.db\")",
                "AddMySql(builder.Configuration.GetConnectionString(\"JanusEvents\")!)",
                StringComparison.Ordinal),
            "JanusEvents.AspNetCore",
            "JanusEvents.MySql");

        await using (var host = await RunningApplication.StartAsync(
            [.. program, "--ConnectionStrings:JanusEvents", database.ConnectionString], user["Host"]))
        {
            (await host.PostAsync("/janus/events", Body)).Should().Be(200, host.Output);
            (await host.StopAsync()).Should().Be(0, host.Output);
        }

        foreach (var table in Tables)
            (await database.ValueAsync($"SELECT COUNT(*) FROM {table} WHERE session = 5976879829026834")).Should().Be("1", table);
        File.Exists(user["Host/bin/Debug/net10.0/MySqlConnector.dll"]).Should().BeTrue();
    }

    /// <summary>Makes a web application of a program and packages; returns the command that runs it.</summary>
    private static async Task<IReadOnlyList<string>> MakeAsync(PackageUser user, string program, params string[] names)
    {
        await user.DotNetAsync("", "new", "web", "--name", "Host", "--no-restore");
        foreach (var name in names)
            await user.DotNetAsync("Host", "add", "package", name);
        await File.WriteAllTextAsync(user["Host/Program.cs"], program);
        await user.DotNetAsync("Host", "build", "--no-restore");
        return [DotNetCommand.Program, user["Host/bin/Debug/net10.0/Host.dll"]];
    }

    private static async Task FindRowsAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        foreach (var table in Tables)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those above.
            command.CommandText = $"SELECT COUNT(*) FROM {table} WHERE session = 5976879829026834";
#pragma warning restore CA2100
            Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture).Should().Be(1, table);
        }
    }
}
