using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

public sealed class SinkWriterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task One_that_fails_beside_its_sink_gives_up_what_it_has_in_hand_and_goes_on()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink()));
        PendingBodies pending = new();
        int stored = 0;
        await using SinkWriter writer = new(
            nameof(RecordingSink),
            new RecordingSink(),
            pending,
            body =>
            {
                if (++stored == 1)
                    throw new NotSupportedException("Nobody thought of this.");
                pending.Stored(body);
            },
            new JanusEventsOptions(),
            host.Services.GetRequiredService<SinkRecords>(),
            TimeProvider.System,
            host.Log);

        bool first = await pending.WaitAsync(NumberedBody.Of(1), 1, writer.Enqueue, CancellationToken.None).AsTask().WaitAsync(s_limit);
        bool again = await pending.WaitAsync(NumberedBody.Of(1), 1, writer.Enqueue, CancellationToken.None).AsTask().WaitAsync(s_limit);

        first.Should().BeFalse("its sender must keep it");
        again.Should().BeTrue();
        host.Log.Of(LogLevel.Critical).Should().ContainSingle().Which.Should().Contain("1 bodies in hand");
    }
}
