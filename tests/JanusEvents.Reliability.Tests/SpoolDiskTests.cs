using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>The disk of the spool is full.</summary>
public sealed class SpoolDiskTests
{
    [FactNeeding(Capabilities.MariaDb | Capabilities.TemporaryFileSystems)]
    public async Task What_does_not_fit_on_the_disk_is_held_and_taken_when_there_is_room()
    {
        using SmallDisk disk = new(megabytes: 10);
        await using Scene scene = await Scene.StartAsync(Acknowledge.AfterSpool);
        await scene.Server.KillAsync();
        scene.Spool = disk["spool.db"];
        await scene.StartHostAsync("--SpoolReserve=2000000");
        NumberedLoad load = NumberedLoad.Start(scene.Backend, retransmissions: Scene.ManyRetransmissions, padding: 30_000);

        await scene.Host.WaitForLineAsync(
            line => line.Contains("The disk of the spool", StringComparison.Ordinal), Wait.Limit, "the disk to be full");
        await Wait.UntilAsync(
            () => scene.Host.Output.Contains("connections were aborted", StringComparison.Ordinal),
            Wait.Limit,
            "a body to be held until its time is over");
        await scene.Server.StartAgainAsync();
        await load.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
    }
}
