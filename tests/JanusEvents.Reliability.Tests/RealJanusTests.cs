using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>A real Janus is given numbered external events over its Admin API while the database is away.</summary>
[Trait("Category", "Slow")]
public sealed class RealJanusTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [TheoryNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task MariaDB_is_killed_and_started_again_after_three_seconds(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        await using JanusServer janus = await StartJanusAsync(scene);
        NumberedExternalEvents events = new(janus);
        await events.SendForAsync(TimeSpan.FromSeconds(2));

        await scene.Server.KillAsync();
        await events.SendForAsync(TimeSpan.FromSeconds(3));
        await scene.Server.StartAgainAsync();
        await events.SendForAsync(TimeSpan.FromSeconds(2));

        await ShouldHoldAsync(scene, events.Sent);
    }

    [TheoryNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task MariaDB_is_stopped_for_sixty_seconds(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        await using JanusServer janus = await StartJanusAsync(scene);
        NumberedExternalEvents events = new(janus);
        await events.SendForAsync(TimeSpan.FromSeconds(2));

        await scene.Server.StopAsync();
        await events.SendForAsync(TimeSpan.FromSeconds(60));
        await scene.Server.StartAgainAsync();
        await events.SendForAsync(TimeSpan.FromSeconds(2));
        long last = events.Sent[^1];
        await Wait.UntilAsync(
            async () => (await NumberedExternalEvents.StoredAsync(scene.Database)).Contains(last), s_limit, "the last event to be stored", () => scene.Host.Output);

        if (acknowledge == Acknowledge.AfterSpool)
        {
            await ShouldHoldAsync(scene, events.Sent);
            return;
        }

        IReadOnlyList<long> stored = await NumberedExternalEvents.StoredAsync(scene.Database);
        long[] missing = [.. events.Sent.Except(stored)];
        stored.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder().And.BeSubsetOf(events.Sent);
        missing.Length.Should().BeLessThanOrEqualTo(100, "Janus gives up the group that it has in hand, of a hundred events at most");
        if (missing.Length > 0)
            janus.Log.Should().Contain("event lost", "it says so when it does");
    }

    [TheoryNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task MariaDB_comes_up_twenty_seconds_after_the_host(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.Server.StopAsync();
        await scene.StartHostAsync();
        await using JanusServer janus = await StartJanusAsync(scene);
        NumberedExternalEvents events = new(janus);

        await events.SendForAsync(TimeSpan.FromSeconds(20));
        await scene.Server.StartAgainAsync();
        await events.SendForAsync(TimeSpan.FromSeconds(2));

        await ShouldHoldAsync(scene, events.Sent);
    }

    private static Task<JanusServer> StartJanusAsync(Scene scene) => JanusServer.StartAsync(new JanusServerOptions
    {
        Backend = scene.Backend.ToString(),
        Json = "compact",
    });

    private static async Task ShouldHoldAsync(Scene scene, IReadOnlyList<long> sent)
    {
        await Wait.UntilAsync(
            async () => (await NumberedExternalEvents.StoredAsync(scene.Database)).Count >= sent.Count,
            s_limit,
            $"{sent.Count} events to be stored",
            () => scene.Host.Output);
        (await NumberedExternalEvents.StoredAsync(scene.Database)).Should().Equal(sent);
    }
}
