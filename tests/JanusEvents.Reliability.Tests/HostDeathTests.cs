using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>The host is killed, or told to stop, and started again.</summary>
public sealed class HostDeathTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task The_host_is_killed_under_load_and_started_again(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend, retransmissions: Scene.ManyRetransmissions);
        for (int death = 0; death < 2; death++)
        {
            await load.UntilAcknowledgedAsync(40, () => scene.Host.Output);
            await scene.Host.KillAsync();
            await scene.StartHostAsync();
        }

        await load.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task The_host_is_killed_between_the_commit_and_the_answer(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        SampleHostProcess first = await scene.StartHostAsync("--KillBeforeAnswer=25");
        NumberedLoad load = NumberedLoad.Start(scene.Backend, senders: 1, retransmissions: Scene.ManyRetransmissions);
        await Wait.UntilAsync(() => first.HasExited, s_limit, "the host to kill itself", () => first.Output);

        load.Bodies.Should().HaveCount(24, "the answer to body 25 never came");
        await scene.StartHostAsync();
        await load.UntilAcknowledgedAsync(10, () => scene.Host.Output);
        await load.StopAsync();

        load.Bodies[24].Attempts.Should().BeGreaterThan(1, "it was sent again");
        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task The_host_is_killed_when_the_database_has_committed_and_nobody_else_knows(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        SampleHostProcess first = await scene.StartHostAsync("--KillAfterWrite=10");
        NumberedLoad load = NumberedLoad.Start(scene.Backend, retransmissions: Scene.ManyRetransmissions);
        await Wait.UntilAsync(() => first.HasExited, s_limit, "the host to kill itself", () => first.Output);

        await scene.StartHostAsync();
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task What_was_spooled_while_the_database_was_away_is_stored_by_the_next_host()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterSpool);
        await scene.Server.KillAsync();
        await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend, retransmissions: Scene.ManyRetransmissions);
        await load.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await scene.Host.KillAsync();
        await scene.StartHostAsync();
        await load.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await load.StopAsync();

        await scene.Server.StartAgainAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit, false)]
    [InlineData(Acknowledge.AfterCommit, true, Traits = ["Category", "Slow"])]
    [InlineData(Acknowledge.AfterSpool, false, Traits = ["Category", "Slow"])]
    [InlineData(Acknowledge.AfterSpool, true)]
    public async Task SIGTERM_under_load_in_either_order_of_registering_services(Acknowledge acknowledge, bool webServerFirst)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        string order = $"--WebServerFirst={webServerFirst}";
        await scene.StartHostAsync(order, "--DelayWrites=50");
        NumberedLoad load = NumberedLoad.Start(scene.Backend, retransmissions: Scene.ManyRetransmissions);
        await load.UntilAcknowledgedAsync(40, () => scene.Host.Output);

        (await scene.Host.StopAsync()).Should().Be(0, scene.Host.Output);
        await scene.StartHostAsync(order);
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task SIGTERM_ends_within_the_time_of_the_host_while_the_database_is_away()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterCommit);
        await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend, retransmissions: 0);
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        scene.Server.Freeze();

        int exitCode = await scene.Host.StopAsync();
        scene.Server.Thaw();
        await load.StopAsync();

        exitCode.Should().Be(0);
        await scene.StartHostAsync();
        await scene.ShouldHoldEachAcknowledgedEventOnceAsync(load);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_spool_made_anew_on_an_old_database_stores_what_is_new()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterSpool);
        await scene.StartHostAsync();
        NumberedLoad before = NumberedLoad.Start(scene.Backend);
        await before.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await before.StopAsync();
        await scene.UntilStoredAsync(before.Acknowledged.Count);
        (await scene.Host.StopAsync()).Should().Be(0);

        string[] parts = Directory.GetFiles(scene.Folder.Path, "spool.db*");
        parts.Should().NotBeEmpty();
        foreach (string part in parts)
            File.Delete(part);
        await scene.StartHostAsync();
        NumberedLoad after = NumberedLoad.Start(scene.Backend, firstSender: 11);
        await after.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await after.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(before, after);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_second_process_on_the_same_spool_does_not_start_and_says_why()
    {
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterSpool);
        await scene.StartHostAsync();

        await using ChildProcess second = SampleHostProcess.Launch(scene.HostOptions(FreePort.Next(), scene.Spool));
        int exitCode = await second.WaitForExitAsync(s_limit);

        exitCode.Should().NotBe(0);
        second.Output.Should().Contain($"The spool {scene.Folder["spool.db"]} is used by another process.");
        SentBody sent = await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([1]));
        sent.Status.Should().Be(200, "the first goes on");

        await scene.Host.KillAsync();
        await scene.StartHostAsync();
        await scene.UntilStoredAsync(1);
    }
}
