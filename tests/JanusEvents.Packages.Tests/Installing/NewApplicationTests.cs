using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>What somebody does who finds the packages: a new web application, the packages, the README's lines, a call.</summary>
[Collection(PackedPackagesTests.Name)]
public sealed class NewApplicationTests(PackedPackages packages, MariaDbFixture mariaDb)
{
    [Fact]
    public async Task A_new_web_application_with_the_packages_and_the_lines_of_the_README_stores_what_is_posted()
    {
        using var user = await CreateAsync("JanusEvents.AspNetCore", "JanusEvents.Sqlite");

        await StoreAsync(user, ReadMe.Program);

        await Recording.FindRowsAsync(sql => SqliteFile.ValueAsync(user["Host/janusevents.db"], sql));
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task With_JanusEvents_MySql_its_driver_comes_along_and_the_rows_are_in_MariaDB()
    {
        using var user = await CreateAsync("JanusEvents.AspNetCore", "JanusEvents.MySql");

        foreach (var program in new[] { ReadMe.ProgramWithMySqlDataSource, ReadMe.ProgramWithMySqlConnectionString })
        {
            var database = await mariaDb.CreateDatabaseAsync();

            await StoreAsync(user, program, "--ConnectionStrings:JanusEvents", database.ConnectionString);

            await Recording.FindRowsAsync(database.ValueAsync);
        }
    }

    /// <summary>Creates a web application with packages.</summary>
    private async Task<PackageUser> CreateAsync(params string[] names)
    {
        var user = await PackageUser.CreateAsync(packages.Folder);
        try
        {
            await user.DotNetAsync("", "new", "web", "--name", "Host", "--no-restore");
            foreach (var name in names)
                await user.DotNetAsync("Host", "add", "package", name);
            return user;
        }
        catch
        {
            user.Dispose();
            throw;
        }
    }

    /// <summary>Builds the application with a program, runs it, and posts a recording to it.</summary>
    private static async Task StoreAsync(PackageUser user, string program, params string[] arguments)
    {
        await File.WriteAllTextAsync(user["Host/Program.cs"], program);
        await user.DotNetAsync("Host", "build", "--no-restore");
        await using var host = await RunningApplication.StartAsync(
            [DotNetCommand.Program, user["Host/bin/Debug/net10.0/Host.dll"], .. arguments], user["Host"]);
        await Recording.PostToAsync(host, "/janus/events");
        (await host.StopAsync()).Should().Be(0, host.Output);
    }
}
