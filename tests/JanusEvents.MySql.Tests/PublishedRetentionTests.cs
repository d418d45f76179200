using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.MySql.Tests;

/// <summary>Old rows of a database that was made with the published script, and filled by a program of its time.</summary>
public abstract class PublishedRetentionTests(TestServers servers) : ServerTests(servers)
{
    private static readonly string s_script = File.ReadAllText(Repository.PathOf("tests", "data", "published.sql"));
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task Rows_of_before_go_by_their_own_local_times_and_later_ones_by_their_arrival_with_what_is_kept_beside_them()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_script);
        await database.QueryAsync(
            "INSERT INTO sessions (session, event, timestamp) VALUES "
            + string.Join(", ", new[] { 2000, 40, 32, 20, 1 }.Select(days => $"({days}, 'created', now() - INTERVAL {days} DAY)")));

        await using var host = await StoreHost.StartAsync(
            builder => builder.AddMySql(database.ConnectionString, o => o.Retention.KeepDays = 30),
            services => services.AddSingleton<TimeProvider>(_time));
        await host.RemoveOldAsync();
        await ShouldBeAsync("20", "1");

        // Columns that are not there are kept beside the rows, and combined statistics too.
        await host.WriteAsync(Bodies.Of(
            Bodies.Session(3, time: 946_684_800_000_000),
            Bodies.Event(32, $"\"subtype\":3,{Bodies.OfHandle(3)}", "\"media\":\"audio\",\"rtt\":7")));
        (await database.ValueAsync("SELECT count(DISTINCT tablename) FROM extras")).Should().Be("2");
        await PassAsync(TimeSpan.FromDays(15));
        await ShouldBeAsync("1", "3");
        await host.WriteAsync(Bodies.Of(Bodies.Session(4)));
        await PassAsync(TimeSpan.FromDays(20));
        await ShouldBeAsync("4");
        (await database.QueryAsync("SELECT tablename, row FROM extras")).Should().ContainSingle()
            .Which.Should().Equal("sessions", await database.ValueAsync("SELECT id FROM sessions"));

        async Task PassAsync(TimeSpan time)
        {
            _time.Advance(TimeSpan.FromHours(2));
            await host.RemoveOldAsync();
            _time.Advance(time);
            await host.RemoveOldAsync();
        }

        async Task ShouldBeAsync(params string[] sessions) =>
            (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(row => row[0]).Should().Equal(sessions);
    }
}
