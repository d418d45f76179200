using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Sinks;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests.AtHome;

/// <summary>An event that its table does not take is told from the others, which are stored at once.</summary>
public abstract class OneEventStopsNobodyTests(TestStores stores) : StoreTests(stores)
{
    /// <summary>The statement that has a table refuse rows with an error that is not known to be about data.</summary>
    /// <param name="table">The table.</param>
    /// <param name="condition">Which rows, such as <c>NEW.event = 'x'</c>.</param>
    protected abstract string RefuseWithUnknownError(string table, string condition);

    [Fact]
    public async Task A_key_of_the_users_own_keeps_one_event_out_and_nobody_else()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Dtls(0)));
        await Store.QueryAsync("CREATE UNIQUE INDEX once ON dtls (session, handle, state)");

        await host.WriteAsync(Bodies.Of(Dtls(1), Bodies.Session(1001)), Bodies.Of(Bodies.Session(1002)));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1001", "1002");
        (await CountAsync("dtls")).Should().Be(1);
        var rejected = (await Store.QueryAsync("SELECT reason, bytes FROM rejected")).Should().ContainSingle().Which;
        rejected[0].Should().StartWith("Table dtls: ");
        rejected[1].Should().Be(Dtls(1));
    }

    [Fact]
    public async Task Refused_events_take_no_more_numbers_than_there_are_events()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Dtls(0)));
        await Store.QueryAsync("CREATE UNIQUE INDEX once ON dtls (session, handle, state)");
        var next = await ColumnAsync("SELECT next FROM counters");

        for (var i = 1; i <= 20; i++)
            await host.WriteAsync(Bodies.Of(Dtls(i), Bodies.Session(i)));

        (await ColumnAsync("SELECT next FROM counters")).Should().Equal(next);
        (await CountAsync("rejected")).Should().Be(20);
        (await CountAsync("sessions")).Should().Be(20);
    }

    [Fact]
    public async Task An_unknown_error_of_one_event_rejects_it_when_it_was_tried_three_times_and_stores_the_others_at_once()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.QueryAsync(RefuseWithUnknownError("sessions", "NEW.event = 'poison'"));
        var poisoned = Bodies.Of(Bodies.Session(2), Bodies.Session(3, "poison"), Bodies.Session(4));
        var other = Other(Bodies.Session(5), Bodies.Plugin(6, "{}"));

        var first = await host.WriteAsync(poisoned, other).AsTask().FailureAsync();
        var storedAtOnce = await ColumnAsync("SELECT session FROM sessions ORDER BY id");
        var second = await host.WriteAsync(poisoned).AsTask().FailureAsync();
        await host.WriteAsync(poisoned);
        await host.WriteAsync(poisoned);

        first.Should().BeOfType<PartlyStoredException>().Which.HasStored(other).Should().BeTrue();
        second.Should().BeOfType<PartlyStoredException>().Which.HasStored(poisoned).Should().BeFalse();
        storedAtOnce.Should().Equal("1", "5");
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "5", "2", "4");
        (await ColumnAsync("SELECT bytes FROM rejected")).Should().Equal(Bodies.Session(3, "poison"));
        (await CountAsync("plugins")).Should().Be(1);
    }

    [Fact]
    public async Task The_senders_of_others_are_answered_while_one_waits_for_its_event()
    {
        var host = await StartHostAsync();
        var delivery = host.Services.GetRequiredService<IBodyDelivery>();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.QueryAsync(RefuseWithUnknownError("sessions", "NEW.event = 'poison'"));

        var poisoned = delivery.DeliverAsync(Bodies.Of(Bodies.Session(2, "poison")), CancellationToken.None).AsTask();
        for (var i = 10; i < 20; i++)
            (await delivery.DeliverAsync(Other(Bodies.Session(i)), CancellationToken.None).AsTask().WaitAsync(Wait.Limit)).Should().Be(DeliveryResult.Stored);

        (await poisoned.WaitAsync(Wait.Limit)).Should().Be(DeliveryResult.Stored);
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal(
            ["1", .. Enumerable.Range(10, 10).Select(i => $"{i}")]);
        (await ColumnAsync("SELECT bytes FROM rejected")).Should().Equal(Bodies.Session(2, "poison"));
    }

    [Fact]
    public async Task What_comes_after_it_from_the_same_sender_waits_so_that_its_order_stays()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.QueryAsync(RefuseWithUnknownError("sessions", "NEW.event = 'poison'"));
        ReceivedBody[] inOrder = [Bodies.Of(Bodies.Session(2)), Bodies.Of(Bodies.Session(3), Bodies.Session(4, "poison")), Bodies.Of(Bodies.Session(5))];

        await host.WriteUntilStoredAsync(inOrder);

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2", "3", "5");
        (await CountAsync("rejected")).Should().Be(1);
    }

    [Fact]
    public async Task Many_such_events_in_a_row_reject_none_that_was_not_tried_alone()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.QueryAsync(RefuseWithUnknownError("sessions", "NEW.event = 'poison'"));
        var events = Enumerable.Range(2, 40).Select(i => Bodies.Session(i, i < 22 ? "poison" : "created")).ToArray();

        await host.WriteUntilStoredAsync(Bodies.Of([.. events, Bodies.Plugin(1, "{}")]));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal(
            ["1", .. Enumerable.Range(22, 20).Select(i => $"{i}")]);
        (await CountAsync("rejected")).Should().Be(20);
        (await CountAsync("plugins")).Should().Be(1);
    }

    [Fact]
    public async Task A_store_that_refuses_everything_with_an_unknown_error_rejects_nothing()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}")));
        await Store.QueryAsync(RefuseWithUnknownError("sessions", "1 = 1"));
        await Store.QueryAsync(RefuseWithUnknownError("plugins", "1 = 1"));
        ReceivedBody[] bodies = [Bodies.Of([.. Enumerable.Range(2, 30).Select(i => Bodies.Session(i))]), Other(Bodies.Plugin(40, "{}"))];

        for (var i = 0; i < 6; i++)
            (await host.WriteAsync(bodies).AsTask().FailureAsync()).Should().NotBeNull();
        var rejected = await CountAsync("rejected");
        await Store.QueryAsync("DROP TRIGGER refuses_sessions");
        await Store.QueryAsync("DROP TRIGGER refuses_plugins");
        await host.WriteUntilStoredAsync(bodies);

        rejected.Should().Be(0);
        (await CountAsync("rejected")).Should().Be(0);
        (await CountAsync("sessions")).Should().Be(31);
        (await CountAsync("plugins")).Should().Be(2);
    }

    [Fact]
    public async Task A_table_that_refuses_one_event_after_another_is_told_once_and_what_it_refused_is_stored_when_it_is_mended()
    {
        var host = await StartHostAsync(services: services => services.AddHealthChecks().AddJanusEvents());
        await host.WriteAsync(Bodies.Of(RoomEvents.VideoRoom(0, "joined", "1", "0", 1)));
        await Store.QueryAsync("CREATE UNIQUE INDEX once ON plugins (plugin)");
        string[] refused = [.. Enumerable.Range(1, 5).Select(i => RoomEvents.VideoRoom(i, "joined", "1", $"{i}", i + 1))];

        foreach (var e in refused)
            await host.WriteAsync(Bodies.Of(e, Bodies.Session(7)));
        var health = await HealthAsync(host);
        var listed = await host.Services.GetRequiredService<IRejectedEvents>().ReadAsync().ToListAsync();
        var tooEarly = await host.Services.GetRequiredService<IRejectedEvents>().RetryAsync();
        await Store.QueryAsync(DropIndex("plugins", "once"));
        List<RejectedRetryResult> progress = [];
        var done = await host.Services.GetRequiredService<IRejectedEvents>().RetryAsync(new Reports(progress));
        var again = await host.Services.GetRequiredService<IRejectedEvents>().RetryAsync();

        health.Status.Should().Be(HealthStatus.Degraded);
        health.Description.Should().Contain("The table plugins refuses one event after another");
        host.Log.From(LogLevel.Error).Should().ContainSingle().Which.Should().Contain("Table plugins refuses one event after another");
        host.Log.From(LogLevel.Warning).Where(line => line.StartsWith("Table ", StringComparison.Ordinal))
            .Should().HaveCount(2, "the first one is told, and then the table");
        listed.Select(r => (r.RemoteAddress, r.HasBytes, r.Size)).Should().Equal(refused.Select(e => ("192.0.2.7", true, (long)e.Length))!);
        listed.Should().OnlyContain(r => r.Reason.StartsWith("Table plugins: "));
        tooEarly.Should().Be(new RejectedRetryResult(5, 0));
        done.Should().Be(new RejectedRetryResult(5, 5));
        progress[^1].Should().Be(done);
        again.Should().Be(new RejectedRetryResult(0, 0));
        (await host.ReadAsync(new EventQuery { Kinds = [typeof(PluginEvent)] })).Select(e => e.Json.ToString()).Skip(1).Should().Equal(refused);
        (await CountAsync("rejected")).Should().Be(0);
        (await CountAsync("stays")).Should().Be(6, "facts come with their events");
        (await HealthAsync(host)).Status.Should().Be(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_combined_event_of_which_a_part_was_refused_is_stored_once_with_all_its_parts()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Event(32, "\"subtype\":3," + Bodies.OfHandle(1), "\"media\":\"video\"")));
        await Store.QueryAsync("CREATE UNIQUE INDEX once ON stats (medium)");
        const string Combined = """{"type":32,"subtype":3,"session_id":1,"handle_id":2,"event":[{"media":"audio"},{"media":"video"},{"media":"data"}]}""";

        await host.WriteAsync(Bodies.Of(Combined));
        var before = await ColumnAsync("SELECT medium FROM stats");
        await Store.QueryAsync(DropIndex("stats", "once"));
        var done = await host.Services.GetRequiredService<IRejectedEvents>().RetryAsync();

        before.Should().Equal("video");
        done.Should().Be(new RejectedRetryResult(1, 1));
        (await ColumnAsync("SELECT medium FROM stats ORDER BY id")).Should().Equal("video", "audio", "video", "data");
    }

    [Fact]
    public async Task What_is_no_event_stays_rejected()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of("17", Bodies.Session(1)));

        var done = await host.Services.GetRequiredService<IRejectedEvents>().RetryAsync();

        done.Should().Be(new RejectedRetryResult(1, 0));
        (await ColumnAsync("SELECT bytes FROM rejected")).Should().Equal("17");
    }

    /// <summary>The statement that removes an index.</summary>
    protected abstract string DropIndex(string table, string index);

    private static string Dtls(int retransmissions) => Bodies.Event(
        16, "\"subtype\":5," + Bodies.OfHandle(100, 200), $"\"dtls\":\"trying\",\"stream_id\":1,\"component_id\":1,\"retransmissions\":{retransmissions}");

    private static ReceivedBody Other(params string[] events) =>
        Bodies.OfBytes(System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"), from: "192.0.2.8");

    private static async Task<HealthReportEntry> HealthAsync(StoreHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(Wait.Limit)).Entries.Values.Single();

    private sealed class Reports(List<RejectedRetryResult> reports) : IProgress<RejectedRetryResult>
    {
        public void Report(RejectedRetryResult value) => reports.Add(value);
    }
}
