using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>What troubles are made of is redacted as what is stored is.</summary>
public sealed class RedactedTroublesTests
{
    [Fact]
    public async Task Observers_of_stored_bodies_see_masked_addresses_and_names_as_they_were_sent()
    {
        Seen seen = new();
        await using NotifyingHost host = await NotifyingHost.StartAsync(
            b => b.Services.AddSingleton<IStoredBodyObserver>(seen), ("JanusEvents:Redaction:Addresses", "Mask"));
        ReceivedBody body = ReceivedBody.FromEvents(
            [
                new RemoteCandidateEvent { Emitter = "edge-7", SessionId = 1, HandleId = 2, Candidate = "1 1 udp 2015363327 198.51.100.7 40000 typ host" },
                new HandleEvent { Emitter = "edge-7", SessionId = 1, HandleId = 2, Name = "attached", OpaqueId = "videoroom-carol" },
            ],
            SampleTroubles.Start);

        (await host.Services.GetRequiredService<IBodyDelivery>().DeliverAsync(body, CancellationToken.None)).Should().Be(DeliveryResult.Stored);

        await Wait.UntilAsync(() => seen.Json is not null, Wait.Limit, "the body");
        seen.Json.Should().Contain("198.51.100.0").And.NotContain("198.51.100.7").And.Contain("videoroom-carol");
    }

    private sealed class Seen : IStoredBodyObserver
    {
        private volatile string? _json;

        public string Name => "test";

        public string? Json => _json;

        public void Observe(ReceivedBody body) => _json = System.Text.Encoding.UTF8.GetString(body.Json.Span);
    }
}
