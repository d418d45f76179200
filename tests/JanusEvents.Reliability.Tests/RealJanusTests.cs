using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>A real Janus makes numbered sessions while the database is away.</summary>
[Trait("Category", "Slow")]
public sealed class RealJanusTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    [TheoryNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task MariaDB_is_killed_and_started_again_after_three_seconds(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        await using JanusServer janus = await StartJanusAsync(scene);
        NumberedSessions sessions = new(janus);
        await sessions.CreateForAsync(TimeSpan.FromSeconds(2));

        await scene.Server.KillAsync();
        await sessions.CreateForAsync(TimeSpan.FromSeconds(3));
        await scene.Server.StartAgainAsync();
        await sessions.CreateForAsync(TimeSpan.FromSeconds(2));

        await ShouldHoldAsync(scene, sessions.Created);
    }

    [TheoryNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task MariaDB_is_stopped_for_sixty_seconds(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        await using JanusServer janus = await StartJanusAsync(scene);
        NumberedSessions sessions = new(janus);
        await sessions.CreateForAsync(TimeSpan.FromSeconds(2));

        await scene.Server.StopAsync();
        await sessions.CreateForAsync(TimeSpan.FromSeconds(60));
        await scene.Server.StartAgainAsync();
        await sessions.CreateForAsync(TimeSpan.FromSeconds(2));
        long last = sessions.Created[^1];
        await Wait.UntilAsync(
            async () => (await scene.StoredAsync()).Contains(last), s_limit, "the last session to be stored", () => scene.Host.Output);

        if (acknowledge == Acknowledge.AfterSpool)
        {
            await ShouldHoldAsync(scene, sessions.Created);
            return;
        }

        IReadOnlyList<long> stored = await scene.StoredAsync();
        long[] missing = [.. sessions.Created.Except(stored)];
        stored.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder().And.BeSubsetOf(sessions.Created);
        missing.Length.Should().BeLessThanOrEqualTo(100, "Janus gives up the group that it has in hand, of a hundred events at most");
        janus.Log.Contains("event lost", StringComparison.Ordinal).Should().Be(missing.Length > 0, "it says so when it does");
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
        NumberedSessions sessions = new(janus);

        await sessions.CreateForAsync(TimeSpan.FromSeconds(20));
        await scene.Server.StartAgainAsync();
        await sessions.CreateForAsync(TimeSpan.FromSeconds(2));

        await ShouldHoldAsync(scene, sessions.Created);
    }

    private static Task<JanusServer> StartJanusAsync(Scene scene) => JanusServer.StartAsync(new JanusServerOptions
    {
        Backend = scene.Backend.ToString(),
        Json = "compact",

        // Sessions that nobody keeps alive stay for the length of the test.
        SessionTimeout = 0,
    });

    private static async Task ShouldHoldAsync(Scene scene, IReadOnlyList<long> created)
    {
        await scene.UntilStoredAsync(created.Count);
        (await scene.StoredAsync()).Should().Equal(created);
    }
}
