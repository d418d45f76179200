using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests;

/// <summary>Bodies that come again, to the same host or another, one after the other or at once.</summary>
public abstract class NeverTwiceTests(TestStores stores) : StoreTests(stores)
{
    [Fact]
    public async Task A_batch_of_old_and_new_bodies_stores_only_the_new_in_their_order()
    {
        var bodies = Enumerable.Range(1, 300).Select(i => Bodies.Of(Bodies.Session(i))).ToArray();
        var host = await StartHostAsync();
        await host.WriteAsync([.. bodies.Where((_, i) => i % 3 == 0)]);

        var another = await StartHostAsync();
        await another.WriteAsync(bodies);

        var expected = Enumerable.Range(1, 300).Where(i => i % 3 == 1).Concat(Enumerable.Range(1, 300).Where(i => i % 3 != 1));
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal(expected.Select(i => $"{i}"));
        (await CountAsync("hashes")).Should().Be(300);
        another.Log.From(LogLevel.Information).Should().Contain(line => line.StartsWith("100 bodies were duplicates and had been stored already."));
    }

    [Fact]
    public async Task A_body_that_is_twice_in_a_batch_is_stored_once()
    {
        var body = Bodies.Of(Bodies.Session(1));
        var again = Bodies.OfBytes(body.Json.ToArray());
        var host = await StartHostAsync();

        await host.WriteAsync(body, Bodies.Of(Bodies.Session(2)), again);

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2");
    }

    [Fact]
    public async Task What_was_rejected_of_a_body_is_stored_once_too()
    {
        var body = Bodies.OfText($"[{Bodies.Session(1)},17]");
        var host = await StartHostAsync();

        await host.WriteAsync(body);
        await host.WriteAsync(body);

        (await CountAsync("rejected")).Should().Be(1);
    }

    [Fact]
    public async Task Two_hosts_that_get_the_same_bodies_in_opposite_order_store_each_once()
    {
        var bodies = Enumerable.Range(0, 600)
            .Select(i => Bodies.Of([.. Enumerable.Range(0, 5).Select(e => Bodies.Session((i * 5) + e))]))
            .ToArray();
        var one = await StartHostAsync();
        var other = await StartHostAsync();
        await one.WriteAsync(bodies[0]);

        await Task.WhenAll(
            Task.Run(() => one.WriteAllAsync(bodies, perBatch: 20)),
            Task.Run(() => other.WriteAllAsync(bodies.Reverse(), perBatch: 20)));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY session")).Should().Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"));
        (await CountAsync("hashes")).Should().Be(600);
    }

    [Fact]
    public async Task A_write_that_is_given_up_leaves_nothing_and_the_next_stores_all()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var body = Bodies.Of(Bodies.Session(2), Bodies.Plugin(2, "{}"));

        var given = async () => await host.Sink.WriteAsync(new EventBatch([body]), new CancellationToken(canceled: true));
        await given.Should().ThrowAsync<OperationCanceledException>();
        (await CountAsync("hashes")).Should().Be(1);

        await host.WriteAsync(body);
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2");
    }
}
