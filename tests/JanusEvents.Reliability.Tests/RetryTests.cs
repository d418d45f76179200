using System.Data.Common;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>A body comes again.</summary>
public sealed class RetryTests
{
    [FactNeeding(Capabilities.MariaDb)]
    public async Task The_retry_arrives_while_the_first_attempt_is_still_being_stored()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterCommit);
        await scene.StartHostAsync("--DelayWrites=9000");

        SentBody sent = await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([1, 2, 3]));

        sent.Status.Should().Be(200);
        sent.Attempts.Should().BeGreaterThanOrEqualTo(2, "the first was broken off after 8 s, a later one joined what was stored after 9 s");
        (await scene.StoredAsync()).Should().Equal(1, 2, 3);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_retry_is_answered_while_what_was_spooled_is_still_being_stored()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterSpool);
        await scene.StartHostAsync();
        (await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([0]))).Status.Should().Be(200);
        await scene.UntilStoredAsync(1);
        string body = NumberedBody.Json([1, 2, 3]);
        await using (DbConnection inTheWay = await scene.ConnectAsync())
        {
            await using DbCommand lockTables = inTheWay.CreateCommand();
            lockTables.CommandText = "LOCK TABLES sessions WRITE";
            await lockTables.ExecuteNonQueryAsync();

            SentBody[] sent = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => new JanusSender(scene.Backend).SendAsync(body)));
            SentBody later = await new JanusSender(scene.Backend).SendAsync(body);

            sent.Append(later).Should().OnlyContain(s => s.Status == 200, "nothing can be stored now, and all six are in the spool");
        }

        (await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([4]))).Status.Should().Be(200);
        await scene.UntilStoredAsync(5);
        (await scene.StoredAsync()).Should().Equal(0, 1, 2, 3, 4);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task Every_fifth_answer_is_cut_off_after_the_commit(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync("--CutEvery=5");
        NumberedLoad load = NumberedLoad.Start(scene.Backend);

        await load.UntilAcknowledgedAsync(150, () => scene.Host.Output);
        await load.StopAsync();

        load.Bodies.Count(b => b.Attempts > 1).Should().BeGreaterThan(20);
        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task Two_hosts_on_one_database_get_the_same_bodies_in_opposite_order(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        Uri second = (await scene.StartAnotherHostAsync()).Url;
        await scene.StartHostAsync();
        string[] bodies = [.. Enumerable.Range(0, 300).Select(n => NumberedBody.Json([2 * n, (2 * n) + 1]))];

        SentBody[][] sent = await Task.WhenAll(SendAllAsync(scene.Backend, bodies), SendAllAsync(second, [.. bodies.Reverse()]));

        sent.SelectMany(s => s).Should().HaveCount(600).And.OnlyContain(s => s.Status == 200);
        await scene.UntilStoredAsync(600);
        (await scene.Host.StopAsync()).Should().Be(0);
        (await scene.StoredAsync()).Should().OnlyHaveUniqueItems().And.BeEquivalentTo(Enumerable.Range(0, 600).Select(n => (long)n));

        // Each body begins in one of several senders, so that batches of both hosts overlap.
        static async Task<SentBody[]> SendAllAsync(Uri host, string[] bodies)
        {
            SentBody[][] parts = await Task.WhenAll(Enumerable.Range(0, 6).Select(async part =>
            {
                List<SentBody> sent = [];
                for (int i = part; i < bodies.Length; i += 6)
                    sent.Add(await new JanusSender(host).SendAsync(bodies[i]));
                return sent.ToArray();
            }));
            return [.. parts.SelectMany(p => p)];
        }
    }
}
