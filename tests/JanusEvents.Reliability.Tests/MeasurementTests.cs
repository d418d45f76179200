using System.Diagnostics;
using System.Globalization;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>The numbers that docs/delivery.md gives: printed; only sizes are judged.</summary>
public sealed class MeasurementTests(ITestOutputHelper output)
{
    private const int Hashes = 100_000;

    [FactNeeding(Capabilities.MariaDb)]
    [Trait("Category", "Slow")]
    public async Task What_a_hash_takes_in_MariaDB()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterCommit);
        await scene.StartHostAsync();
        (await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([1]))).Status.Should().Be(200);

        await scene.Database.QueryAsync(
            $"INSERT INTO hashes (hash, batch, stored) SELECT UNHEX(SHA2(seq, 256)), 1, '2026-01-01' + INTERVAL seq SECOND FROM seq_1_to_{Hashes}; "
            + "ANALYZE TABLE hashes");
        long bytes = long.Parse(
            (await scene.Database.ValueAsync(
                "SELECT data_length + index_length FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'hashes'"))!,
            CultureInfo.InvariantCulture);

        double perHash = (double)bytes / Hashes;
        output.WriteLine($"{perHash:0} bytes for each hash");
        perHash.Should().BeLessThan(350);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit, 1)]
    [InlineData(Acknowledge.AfterCommit, 16)]
    [InlineData(Acknowledge.AfterSpool, 1)]
    [InlineData(Acknowledge.AfterSpool, 16)]
    [Trait("Category", "Slow")]
    public async Task How_many_posts_are_answered_in_a_second(Acknowledge acknowledge, int senders)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        int sent = 0;
        await Task.WhenAll(SendForAsync(TimeSpan.FromSeconds(2)));
        sent = 0;

        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(SendForAsync(TimeSpan.FromSeconds(5)));

        double rate = sent / Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"{acknowledge}, {senders} senders with one event in a POST: {rate:0} POSTs answered in a second");
        sent.Should().BePositive();

        IEnumerable<Task> SendForAsync(TimeSpan time) => Enumerable.Range(0, senders).Select(sender => Task.Run(async () =>
        {
            JanusSender janus = new(scene.Backend);
            for (long from = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(from) < time;)
            {
                (await janus.SendAsync(NumberedBody.Json([Random.Shared.NextInt64()], $"janus-{sender}"))).Status.Should().Be(200);
                Interlocked.Increment(ref sent);
            }
        }));
    }
}
