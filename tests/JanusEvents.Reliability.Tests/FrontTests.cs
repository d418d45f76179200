using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>
/// What answers in place of the endpoint loses events: Janus takes every answer for delivered. Whether the endpoint has a spool
/// matters little then.
/// </summary>
public sealed class FrontTests
{
    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit, Traits = ["Category", "Slow"])]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task A_rate_limiter_loses_what_it_refuses(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync("--Front=RateLimiter");
        JanusSender janus = new(scene.Backend);

        SentBody first = await janus.SendAsync(NumberedBody.Json([1]));
        SentBody second = await janus.SendAsync(NumberedBody.Json([2]));

        first.Status.Should().Be(200);
        second.Should().BeEquivalentTo(new SentBody(1, 429, []), "Janus does not send it again");
        await scene.UntilStoredAsync(1);
        (await scene.Host.StopAsync()).Should().Be(0);
        (await scene.StoredAsync()).Should().Equal([1], "the other is lost");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit, Traits = ["Category", "Slow"])]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task HTTPS_redirection_loses_everything(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync("--Front=HttpsRedirection");

        SentBody sent = await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([1]));

        sent.Should().BeEquivalentTo(new SentBody(1, 307, []), "Janus does not follow it");
        (await scene.Host.StopAsync()).Should().Be(0);
        (await scene.StoredAsync()).Should().BeEmpty("nothing ever reached the store");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit, Traits = ["Category", "Slow"])]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task A_request_time_out_in_front_does_not_reach_a_body_that_came_whole(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync("--Front=RequestTimeout", "--DelayWrites=4000");
        JanusSender janus = new(scene.Backend);
        // On a busy machine a host may read its first body for longer than the time-out.
        (await janus.SendAsync(NumberedBody.Json([1]))).Status.Should().Be(200);

        SentBody sent = await janus.SendAsync(NumberedBody.Json([2]));

        sent.Should().BeEquivalentTo(new SentBody(1, 200, []));
        await scene.UntilStoredAsync(2);
        (await scene.StoredAsync()).Should().Equal(1, 2);
    }
}
