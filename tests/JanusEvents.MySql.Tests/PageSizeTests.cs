using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.MySql.Tests;

/// <summary>Servers whose pages are small, so that rows and indexes may not be as long as elsewhere.</summary>
public sealed class PageSizeTests
{
    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("4k")]
    [InlineData("8k", Traits = ["Category", "Slow"])]
    public async Task A_server_with_small_pages_stores_every_event(string size)
    {
        await using var server = await MariaDbServer.StartWithPagesAsync(size);
        var database = await server.CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString, o => o.Retention.KeepDays = 30), services => services.AddSingleton<TimeProvider>(new ShiftedTime()));
        var bodies = Bodies.OfCapture("03-videoroom").Take(50).ToArray();

        await host.WriteAllAsync([.. bodies, Bodies.Of(RoomEvents.VideoRoom(1, "joined", "1234", "5", 6), RoomEvents.Stats(2, 6))], perBatch: 10);
        await host.RemoveOldAsync();

        var read = await host.ReadAsync(new EventQuery());
        read.Select(e => e.Json).Distinct().Count().Should().Be(bodies.Sum(b => b.Events.Select(e => e.Json).Distinct().Count()) + 2);
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
        host.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("facts could not be created");
    }
}
