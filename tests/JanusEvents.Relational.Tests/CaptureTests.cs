using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests;

/// <summary>What a real Janus sent, in the tables.</summary>
public abstract class CaptureTests(TestStores stores) : StoreTests(stores)
{
    /// <summary>The captures; a derived class may have its own.</summary>
    public static TheoryData<string> CaptureNames => Captures.All;

    [Theory]
    [MemberData(nameof(CaptureNames))]
    public async Task Every_event_of_a_capture_is_a_row_with_the_values_that_Janus_sent(string capture)
    {
        var host = await StartHostAsync();
        var bodies = Bodies.OfCapture(capture).ToList();

        await host.WriteAllAsync(bodies, perBatch: 150);

        await RowsShouldBeThoseOfAsync(bodies);
        (await CountAsync("hashes")).Should().Be(bodies.Count);
        (await CountAsync("rejected")).Should().Be(0);
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_bodies_again_store_nothing()
    {
        var bodies = Bodies.OfCapture("03-videoroom").ToArray();
        var first = await StartHostAsync();
        await first.WriteAllAsync(bodies, perBatch: 100);

        await first.WriteAllAsync(bodies, perBatch: 77);
        var another = await StartHostAsync();
        await another.WriteAsync(bodies);

        await RowsShouldBeThoseOfAsync(bodies);
        (await CountAsync("hashes")).Should().Be(bodies.Length);
    }

    private async Task RowsShouldBeThoseOfAsync(IEnumerable<ReceivedBody> bodies)
    {
        foreach (var (table, expected) in ExpectedRows.Of(bodies.Select(b => b.Json.ToArray())))
        {
            var columns = string.Join(", ", ExpectedRows.Columns[table]);
            var rows = await Store.QueryAsync($"SELECT {columns} FROM {table} ORDER BY id");

            rows.Should().HaveCount(expected.Count, "that many events belong to {0}", table);
            for (var i = 0; i < rows.Count; i++)
                rows[i].Should().Equal(expected[i], "that is row {0} of {1}", i, table);
        }
    }
}
