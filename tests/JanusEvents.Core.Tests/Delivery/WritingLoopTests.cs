using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

public sealed class WritingLoopTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task One_that_fails_is_logged_shown_by_health_and_begun_again()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b =>
        {
            b.AddSink(new RecordingSink());
            b.Services.AddHealthChecks().AddJanusEvents();
        });
        TaskCompletionSource begunAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        using WritingLoop loop = new(
            nameof(RecordingSink),
            _ =>
            {
                if (++begun == 1)
                    throw new NotSupportedException("Nobody thought of this.");
                begunAgain.SetResult();
                return end.Task;
            },
            host.Services.GetRequiredService<SinkRecords>(),
            new TestTime(),
            host.Log);

        await begunAgain.Task.WaitAsync(s_limit);
        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        end.SetResult();
        await loop.EndAsync(CancellationToken.None).WaitAsync(s_limit);

        host.Log.Of(LogLevel.Critical).Should().ContainSingle().Which.Should().Contain(nameof(RecordingSink));
        health.Status.Should().Be(HealthStatus.Unhealthy);
        health.Entries.Values.Single().Description.Should().Contain(nameof(RecordingSink)).And.Contain(nameof(NotSupportedException));
        begun.Should().Be(2);
    }

    [Fact]
    public async Task One_that_always_fails_does_not_keep_a_host_from_ending()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        using WritingLoop loop = new(
            nameof(RecordingSink),
            _ => throw new NotSupportedException("Nobody thought of this."),
            host.Services.GetRequiredService<SinkRecords>(),
            new TestTime(),
            host.Log);
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Critical).Count() > 2, s_limit, "it to fail again");

        Func<Task> ending = async () => await loop.EndAsync(new CancellationToken(canceled: true)).WaitAsync(s_limit);

        await ending.Should().NotThrowAsync();
    }
}
