using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>An event that cannot be stored never blocks the others, and is kept as bytes.</summary>
public sealed class RejectionTests(ITestOutputHelper output)
{
    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task One_event_in_a_group_of_a_hundred_is_refused_by_its_table(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        await SendAsync(scene, NumberedBody.Json([1000]));
        await scene.UntilStoredAsync(1);
        await scene.Database.QueryAsync("ALTER TABLE sessions ADD CONSTRAINT no_57 CHECK (session <> 57)");
        // After its first batch the host looks for what an upgrade left behind.
        long commits = 0;
        await Wait.UntilAsync(
            async () => commits == (commits = await CommitsAsync(scene)), Wait.Limit, "the host to have nothing more to do");

        await SendAsync(scene, NumberedBody.Json(Enumerable.Range(1, 100).Select(n => (long)n)));

        await scene.UntilStoredAsync(100);
        (await scene.StoredAsync()).Should().Equal(new long[] { 1000 }.Concat(Enumerable.Range(1, 100).Where(n => n != 57).Select(n => (long)n)));
        (await CommitsAsync(scene)).Should().Be(commits + 1, "it is one transaction");
        string?[] rejected = (await scene.Database.QueryAsync("SELECT reason, bytes FROM rejected")).Should().ContainSingle().Subject;
        rejected[0].Should().StartWith("Table sessions: ").And.Contain("no_57");
        rejected[1].Should().Be(NumberedBody.Json([57]).Trim('[', ']'));
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task A_key_of_the_users_own_and_an_error_that_nobody_knows_stop_no_other_sender(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        await SendAsync(scene, Dtls(100));
        await UntilAsync(scene, "SELECT count(*) FROM dtls", "1");
        await scene.Database.QueryAsync("ALTER TABLE dtls ADD UNIQUE KEY once (session, handle, state)");
        await scene.Database.QueryAsync(
            "CREATE TRIGGER odd BEFORE INSERT ON dtls FOR EACH ROW SET NEW.stream = IF(NEW.session = 7, (SELECT 1 UNION SELECT 2), NEW.stream)");
        NumberedLoad load = NumberedLoad.Start(scene.Backend);
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);

        JanusSender bad = new(scene.Backend);
        for (int i = 0; i < 20; i++)
        {
            (await bad.SendAsync(Dtls(100, i))).Status.Should().Be(200);
            (await bad.SendAsync(Dtls(7, i))).Status.Should().Be(200);
        }

        // An event is to blame only while others are stored.
        await UntilAsync(scene, "SELECT count(*) FROM rejected", "40");
        await load.StopAsync();
        (await scene.Database.ValueAsync("SELECT count(DISTINCT bytes) FROM rejected")).Should().Be("40", "each is there once");
        (await scene.Database.ValueAsync("SELECT count(*) FROM dtls")).Should().Be("1");
        await scene.ShouldHoldEverythingOnceAsync(load);
        TimeSpan[] answers = [.. load.Waits.Order()];
        output.WriteLine($"{acknowledge}: {answers.Length} bodies of the others, p50 {answers[answers.Length / 2].TotalMilliseconds:0} ms, p99 {answers[answers.Length * 99 / 100].TotalMilliseconds:0} ms");
    }

    private static string Dtls(long session, int retransmissions = -1) =>
        $$$"""[{"emitter":"bad","type":16,"subtype":5,"timestamp":{{{1795323726000000 + retransmissions}}},"session_id":{{{session}}},"handle_id":200,"event":{"dtls":"trying","stream_id":1,"component_id":1,"retransmissions":{{{retransmissions}}}}}]""";

    private static Task UntilAsync(Scene scene, string query, string value)
    {
        string? last = null;
        return Wait.UntilAsync(
            async () => (last = await ValueAsync()) == value, Wait.Limit, $"{query} to be {value}", () => $"{last}. {scene.Host.Output}");

        async Task<string?> ValueAsync()
        {
            try
            {
                return await scene.Database.ValueAsync(query);
            }
            catch (InvalidOperationException)
            {
                return null; // The table is not there yet.
            }
        }
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task An_event_of_20_MB_is_more_than_the_database_takes_at_once(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge, "--max-allowed-packet=16M");
        await scene.StartHostAsync();
        string data = new('x', 20_000_000);
        string big = $$$$"""{"emitter":"a-janus","type":128,"timestamp":1,"event":{"transport":"janus.transport.http","id":"1","data":{"x":"{{{{data}}}}"}}}""";

        await SendAsync(scene, NumberedBody.Json([1]));
        await SendAsync(scene, $"{NumberedBody.Json([2])[..^1]},{big},{NumberedBody.Json([3])[1..]}");
        await SendAsync(scene, NumberedBody.Json([4]));

        await scene.UntilStoredAsync(4);
        (await scene.StoredAsync()).Should().Equal(1, 2, 3, 4);
        IReadOnlyList<string?[]> parts = await scene.Database.QueryAsync(
            "SELECT part, parts, LENGTH(bytes), SHA2(bytes, 256) FROM rejected ORDER BY part");
        parts.Should().HaveCountGreaterThan(1);
        ReadOnlyMemory<byte> left = Encoding.UTF8.GetBytes(big);
        foreach ((string?[] part, int i) in parts.Select((p, i) => (p, i)))
        {
            part[..2].Should().Equal($"{i + 1}", $"{parts.Count}");
            int length = int.Parse(part[2]!, CultureInfo.InvariantCulture);
            part[3].Should().Be(Convert.ToHexStringLower(SHA256.HashData(left.Span[..length])));
            left = left[length..];
        }

        left.Length.Should().Be(0, "all parts together are the event");
    }

    private static async Task SendAsync(Scene scene, string body) =>
        (await new JanusSender(scene.Backend).SendAsync(body)).Status.Should().Be(200, scene.Host.Output);

    private static async Task<long> CommitsAsync(Scene scene) => long.Parse(
        (await scene.Database.QueryAsync("SHOW GLOBAL STATUS LIKE 'Com_commit'"))[0][1]!, CultureInfo.InvariantCulture);
}
