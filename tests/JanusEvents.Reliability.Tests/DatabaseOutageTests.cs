using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>The database goes away and comes back.</summary>
public sealed class DatabaseOutageTests
{
    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task MariaDB_is_killed_under_load_and_started_again_after_three_seconds(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        SampleHostProcess host = await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend);
        await load.UntilAcknowledgedAsync(40, () => host.Output);

        await scene.Server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3)); // How long it is away: the fault itself.
        await scene.Server.StartAgainAsync();
        await load.UntilAcknowledgedAsync(40, () => host.Output);
        await load.StopAsync();

        host.Output.Should().Contain("cannot store", "the host must have noticed the outage");
        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task MariaDB_stands_still_and_goes_on_when_the_host_has_noticed(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        SampleHostProcess host = await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend);
        await load.UntilAcknowledgedAsync(20, () => host.Output);

        scene.Server.Freeze();
        JanusSender once = new(scene.Backend, new JanusSenderOptions { MaxRetransmissions = 0, Timeout = Wait.Limit });
        string body = NumberedBody.Json([99_000_001]);
        SentBody first = await once.SendAsync(body);
        await host.WaitForLineAsync(line => line.Contains("cannot store", StringComparison.Ordinal), Wait.Limit, "the host to notice");
        scene.Server.Thaw();

        if (acknowledge == Acknowledge.AfterCommit)
        {
            first.Lost.Should().BeTrue("nothing could be stored");
            first.Failures.Should().ContainSingle().Which.Should().NotContain("no answer", "it is the host that breaks off");
        }
        else
        {
            first.Status.Should().Be(200, "the spool needs no database");
        }

        await load.UntilAcknowledgedAsync(20, () => host.Output);
        await load.StopAsync();
        (await new JanusSender(scene.Backend).SendAsync(body)).Status.Should().Be(200, "its sender sends it again");
        await scene.UntilStoredAsync(load.Acknowledged.Count + 1);
        (await host.StopAsync()).Should().Be(0);
        long[] stored = [.. (await scene.StoredAsync()).Order()];
        stored.Should().Equal(load.Acknowledged.Append(99_000_001).Order());
        load.Lost.Should().BeEmpty();
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    [Trait("Category", "Slow")]
    public async Task MariaDB_is_stopped_for_sixty_seconds(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        SampleHostProcess host = await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend);
        await load.UntilAcknowledgedAsync(40, () => host.Output);

        await scene.Server.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(60)); // How long it is away: the fault itself.
        await scene.Server.StartAgainAsync();
        await load.UntilAcknowledgedAsync(40, () => host.Output);
        await load.StopAsync();

        if (acknowledge == Acknowledge.AfterSpool)
        {
            await scene.ShouldHoldEverythingOnceAsync(load);
            return;
        }

        load.Lost.Should().NotBeEmpty("with five retransmissions a sender gives a body up after less than a minute");
        load.Bodies.Where(b => b.Lost).Should().HaveCountLessThanOrEqualTo(2 * 4, "each sender loses the one that it has in hand, at most twice");
        await scene.ShouldHoldEachAcknowledgedEventOnceAsync(load);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    [Trait("Category", "Slow")]
    public async Task MariaDB_comes_up_twenty_seconds_after_the_host(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.Server.StopAsync();
        SampleHostProcess host = await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend);

        await Task.Delay(TimeSpan.FromSeconds(20)); // How late it is: the fault itself.
        await scene.Server.StartAgainAsync();
        await load.UntilAcknowledgedAsync(40, () => host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
    }
}
