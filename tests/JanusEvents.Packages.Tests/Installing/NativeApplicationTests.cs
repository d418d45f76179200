using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>
/// An application that is compiled to native code, without a warning, stores and reads as any other. The compiler takes minutes;
/// in every build the analyzers look for most of what it would find.
/// </summary>
[Collection(PackedPackagesTests.Name)]
[Trait("Category", "Slow")]
public sealed class NativeApplicationTests(PackedPackages packages, NativeApplication application, MariaDbFixture mariaDb)
    : IClassFixture<NativeApplication>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [FactNeeding(Capabilities.NativeCompilation)]
    public async Task A_native_application_stores_a_recording_in_SQLite_and_reads_it_back()
    {
        var file = _folder["janusevents.db"];

        await using (var host = await StartAsync("Sqlite", $"Data Source={file}"))
        {
            await Recording.PostToAsync(host, "/janus/events");
            Recording.FindEvents(await host.GetAsync("/events"));
            (await host.GetAsync("/health")).Should().Be("Healthy");
            (await host.StopAsync()).Should().Be(0, host.Output);
        }

        await Recording.FindRowsAsync(sql => SqliteFile.ValueAsync(file, sql));
    }

    [FactNeeding(Capabilities.NativeCompilation | Capabilities.MariaDb)]
    public async Task A_native_application_stores_a_recording_in_MariaDB_and_reads_it_back()
    {
        var database = await mariaDb.CreateDatabaseAsync();

        await using (var host = await StartAsync("MySql", database.ConnectionString))
        {
            await Recording.PostToAsync(host, "/janus/events");
            Recording.FindEvents(await host.GetAsync("/events"));
            (await host.GetAsync("/health")).Should().Be("Healthy");
            (await host.StopAsync()).Should().Be(0, host.Output);
        }

        await Recording.FindRowsAsync(database.ValueAsync);
    }

    [FactNeeding(Capabilities.NativeCompilation | Capabilities.MariaDb)]
    public async Task A_native_application_keeps_a_recording_in_its_spool_while_MariaDB_is_down_and_stores_it_afterwards()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await server.StopAsync();

        await using (var host = await StartAsync("MySql", database.ConnectionString, "--Spool", _folder["spool.db"]))
        {
            await Recording.PostToAsync(host, "/janus/events");
            await server.StartAgainAsync();
            await Wait.UntilAsync(
                async () => (await host.GetAsync("/events")).Count(c => c == '\n') >= Recording.Events,
                Wait.Limit,
                "all events to be in MariaDB",
                () => host.Output);
            Recording.FindEvents(await host.GetAsync("/events"));
            (await host.StopAsync()).Should().Be(0, host.Output);
        }

        await Recording.FindRowsAsync(database.ValueAsync);
    }

    private Task<RunningApplication> StartAsync(string store, string connectionString, params string[] arguments) =>
        application.StartAsync(
            packages, _folder.Path, ["--Store", store, "--ConnectionStrings:JanusEvents", connectionString, .. arguments]);
}
