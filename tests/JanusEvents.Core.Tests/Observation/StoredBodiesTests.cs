using JanusEvents.Observation;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Observation;

/// <summary>The counts of stored events, as a listener sees them, without monitoring.</summary>
public sealed class StoredBodiesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_are_counted_by_server_and_kind_and_a_duplicate_only_as_such()
    {
        await using DeliveryHost host = await StartAsync();
        using Measurements measured = new(host.Services);
        JanusEvent[] events =
        [
            new SessionEvent { Emitter = "a", SessionId = 1, Name = "created" },
            new SessionEvent { Emitter = "a", SessionId = 2, Name = "created" },
            new SessionEvent { Emitter = "b", SessionId = 1, Name = "created" },
            new TransportEvent { SessionId = 1, Id = "1" },
        ];
        for (int time = 0; time < 2; time++)
            (await host.DeliverAsync(ReceivedBody.FromEvents(events, s_start))).Should().BeTrue();

        await Wait.UntilAsync(() => measured.Sum("janus_events.duplicates") == 1, Wait.Limit, "the duplicate");
        measured.Sum("janus_events.bodies").Should().Be(2);
        measured.Sum("janus_events.events").Should().Be(4);
        measured.Sum("janus_events.events", ("janus_events.event.kind", "session"), ("janus.emitter", "a")).Should().Be(2);
        measured.Sum("janus_events.events", ("janus_events.event.kind", "session"), ("janus.emitter", "b")).Should().Be(1);
        measured.Sum("janus_events.events", ("janus_events.event.kind", "transport"), ("janus.emitter", "unknown")).Should().Be(1);
        measured.Instruments.Should().NotContain(i => i.Name.StartsWith("janus.", StringComparison.Ordinal), "monitoring was not added");
    }

    [Fact]
    public async Task However_many_servers_there_are_the_tags_stay_few()
    {
        await using DeliveryHost host = await StartAsync();
        using Measurements measured = new(host.Services);
        for (int i = 0; i < 300; i++)
            (await host.DeliverAsync(ReceivedBody.FromEvents([new SessionEvent { Emitter = $"server {i}", SessionId = 1, Name = "created" }], s_start))).Should().BeTrue();

        await Wait.UntilAsync(() => measured.Sum("janus_events.events") == 300, Wait.Limit, "the events");
        measured.TagsOf("janus_events.events").Select(t => t["janus.emitter"]).Distinct().Should().HaveCount(StoredBodies.MaxEmitters + 1);
        measured.Sum("janus_events.events", ("janus.emitter", "other")).Should().Be(300 - StoredBodies.MaxEmitters);
    }

    [Fact]
    public async Task A_body_that_joins_its_first_attempt_is_a_duplicate_and_counted_once()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(sink));
        using Measurements measured = new(host.Services);
        Task<bool> first = host.DeliverAsync(NumberedBody.Of(1, 2));
        HeldWrite write = await sink.NextAsync();
        Task<bool> second = host.DeliverAsync(NumberedBody.Of(1, 2));
        measured.Now("janus_events.queue.length").Should().Be(2);
        measured.Now("janus_events.queue.size").Should().Be(2 * NumberedBody.Of(1, 2).Json.Length);
        write.Store();

        (await Task.WhenAll(first, second)).Should().Equal(true, true);
        await Wait.UntilAsync(() => measured.Sum("janus_events.events") > 0, Wait.Limit, "the events");
        measured.Sum("janus_events.events").Should().Be(2);
        measured.Sum("janus_events.duplicates").Should().Be(1);
        measured.Now("janus_events.queue.length").Should().Be(0);
    }

    private static Task<DeliveryHost> StartAsync() => DeliveryHost.StartAsync(b => b.AddSink((_, _) => ValueTask.CompletedTask));
}
