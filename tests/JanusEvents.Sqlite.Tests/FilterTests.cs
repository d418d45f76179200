using System.Collections.Concurrent;
using System.Globalization;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Sqlite.Tests;

/// <summary>A store that is to keep some events only: the others are left out, and nothing else changes.</summary>
public sealed class FilterTests : IDisposable
{
    private const string Capture = "07c-plain-combined-stats-no-server-name";
    private static readonly TimeSpan s_limit = Wait.Limit;
    private static readonly JanusEventParser s_parser = new();

    private readonly TemporaryFolder _folder = new();
    private readonly List<ReceivedBody> _bodies = [.. Captures.Bodies(Capture).Select(body => Received(body.Json))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_filter_takes_reads_back_and_the_rest_is_in_no_table(bool spool)
    {
        await using DeliveryHost host = await StartAsync(e => e is not MediaStatsEvent, spool);
        List<string> expected = [.. _bodies.SelectMany(b => b.Events).Where(e => e is not MediaStatsEvent).Select(Text)];
        expected.Should().NotBeEmpty().And.HaveCountLessThan(_bodies.Sum(b => b.Events.Count));

        await DeliverAsync(host);
        await UntilStoredAsync(host, expected.Count);

        (await ReadAsync(host)).Should().Equal(expected);
    }

    [Fact]
    public async Task A_combined_event_is_stored_whole_when_one_of_its_parts_is_wanted()
    {
        await using DeliveryHost host = await StartAsync(e => e is MediaStatsEvent { Part: 1 });
        List<string> expected =
        [
            .. _bodies.SelectMany(b => b.Events).OfType<MediaStatsEvent>().GroupBy(e => e.Json.ToString(), StringComparer.Ordinal)
                .Where(parts => parts.Count() > 1).SelectMany(parts => parts).Select(Text),
        ];
        expected.Should().NotBeEmpty();

        await DeliverAsync(host);

        (await ReadAsync(host)).Should().Equal(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_comes_again_is_known_even_when_nothing_of_it_was_wanted_the_first_time(bool spool)
    {
        await using (DeliveryHost host = await StartAsync(_ => false, spool))
            await DeliverAsync(host);

        await using DeliveryHost later = await StartAsync(null, spool);
        await DeliverAsync(later);
        (await later.DeliverAsync(NumberedBody.Of(1)).WaitAsync(s_limit)).Should().BeTrue();
        await UntilStoredAsync(later, 1);

        (await ReadAsync(later)).Should().ContainSingle("the others were taken before, and left out on purpose");
    }

    [Fact]
    public async Task With_a_spool_the_feed_and_the_handlers_see_events_while_the_store_is_away()
    {
        ControlledSink away = new();
        ConcurrentQueue<long> handled = [];
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b
            .AddSink(away)
            .OnEvent<SessionEvent>((e, _) =>
            {
                handled.Enqueue(e.SessionId!.Value);
                return ValueTask.CompletedTask;
            })
            .UseSpool(_folder["spool.db"]));
        await using IAsyncEnumerator<JanusEvent> reader =
            host.Services.GetRequiredService<IJanusEventFeed>().ReadAsync().GetAsyncEnumerator();

        (await host.DeliverAsync(NumberedBody.Of(1)).WaitAsync(s_limit)).Should().BeTrue();

        (await reader.MoveNextAsync().AsTask().WaitAsync(s_limit)).Should().BeTrue();
        reader.Current.SessionId.Should().Be(1);
        await Wait.UntilAsync(() => handled.SequenceEqual([1]), s_limit, "the handler to be called");
        (await away.NextAsync()).Store();
    }

    [Fact]
    public async Task With_a_spool_a_filtered_sink_of_ones_own_does_not_keep_the_spool_full()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b
            .AddSink((_, _) => throw new InvalidOperationException("Never called."), sink => sink.Filter = _ => false)
            .UseSpool(_folder["spool.db"]));

        await DeliverAsync(host);

        IEventSpool spool = host.Services.GetRequiredService<IEventSpool>();
        await Wait.UntilAsync(() => spool.ReadBacklog().Bodies == 0, s_limit, "the spool to be empty");
    }

    private Task<DeliveryHost> StartAsync(Func<JanusEvent, bool>? filter, bool spool = false) => DeliveryHost.StartAsync(b =>
    {
        b.AddSqlite($"Data Source={_folder["janusevents.db"]}", store => store.Filter = filter);
        if (spool)
            b.UseSpool(_folder["spool.db"]);
    });

    private async Task DeliverAsync(DeliveryHost host)
    {
        foreach (ReceivedBody body in _bodies)
            (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();
        if (host.Services.GetService<IEventSpool>() is { } spool)
            await Wait.UntilAsync(() => spool.ReadBacklog().Bodies == 0, s_limit, "the spool to be empty");
    }

    private static Task UntilStoredAsync(DeliveryHost host, int events) => Wait.UntilAsync(
        async () => (await ReadAsync(host)).Count >= events, s_limit, $"{events} events to be stored");

    private static async Task<List<string>> ReadAsync(DeliveryHost host)
    {
        List<string> events = [];
        await foreach (JanusEvent e in host.Services.GetRequiredService<IEventStore>().ReadAsync(new EventQuery()))
            events.Add(Text(e));
        return events;
    }

    /// <summary>What tells an event from every other of the capture. That all of it reads back is tested elsewhere.</summary>
    private static string Text(JanusEvent e) => string.Create(
        CultureInfo.InvariantCulture,
        $"{e.Timestamp:O} {e.GetType().Name} {e.SessionId} {(e as MediaStatsEvent)?.Part} {(e as MediaStatsEvent)?.Media}");

    private static ReceivedBody Received(byte[] json) => new(json, s_parser.Parse(json), DateTimeOffset.UtcNow, "192.0.2.1");
}
