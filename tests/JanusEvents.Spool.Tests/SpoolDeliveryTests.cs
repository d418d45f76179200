using System.Diagnostics;
using System.Diagnostics.Metrics;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Spool.Tests;

/// <summary>Acknowledge after spool: what is answered, and how the spool reaches each sink.</summary>
public sealed class SpoolDeliveryTests : IDisposable
{
    private const long MiB = 1 << 20;
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly TemporaryFolder _folder = new();
    private readonly ControlledSink _sink = new();

    private string Path => _folder["spool.db"];

    [Fact]
    public async Task A_body_is_acknowledged_while_the_sink_has_not_stored_it_and_reaches_it_in_order()
    {
        RecordingSink quick = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(_sink).AddSink(quick, o => o.Required = false));

        for (int n = 1; n <= 20; n++)
            await AcknowledgedAsync(host, n);

        HeldWrite write = await _sink.NextAsync();
        Backlog(host).Bodies.Should().Be(20);
        List<long> numbers = [];
        while (true)
        {
            numbers.AddRange(write.Numbers);
            write.Store();
            if (numbers.Count == 20)
                break;
            write = await _sink.NextAsync();
        }

        numbers.Should().Equal(Enumerable.Range(1, 20).Select(n => (long)n));
        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
        Backlog(host).Should().BeEquivalentTo(new SpoolBacklog(0, 0, null, []));
        await Wait.UntilAsync(() => quick.Numbers.Count == 20, s_limit, "the sink that is not required to get everything");
    }

    [Fact]
    public async Task The_backlog_tells_count_bytes_and_age_of_the_oldest()
    {
        await using DeliveryHost host = await StartAsync(b => b.AddSink(_sink));
        DateTimeOffset oldest = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
        (await host.DeliverAsync(NumberedBody.At(oldest, 1)).WaitAsync(s_limit)).Should().BeTrue();
        HeldWrite first = await _sink.NextAsync();
        (await host.DeliverAsync(NumberedBody.At(oldest.AddSeconds(5), 22)).WaitAsync(s_limit)).Should().BeTrue();

        Backlog(host).Should().BeEquivalentTo(
            new SpoolBacklog(2, NumberedBody.Of(1).Json.Length + NumberedBody.Of(22).Json.Length, oldest, []));

        first.Store();
        HeldWrite second = await _sink.NextAsync();
        Backlog(host).Should().BeEquivalentTo(new SpoolBacklog(1, NumberedBody.Of(22).Json.Length, oldest.AddSeconds(5), []));
        second.Store();
    }

    [Fact]
    public async Task What_lies_in_the_spool_is_stored_after_a_restart_and_what_was_stored_does_not_come_again()
    {
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(_sink), o => o.MaxBatchEvents = 1))
        {
            for (int n = 1; n <= 4; n++)
                await AcknowledgedAsync(host, n);
            (await _sink.NextAsync()).Store();
            HeldWrite second = await _sink.NextAsync();
            second.HeedCancellation();
            await host.StopAsync().WaitAsync(s_limit);
        }

        ControlledSink again = new();
        await using DeliveryHost restarted = await StartAsync(b => b.AddSink(again));

        HeldWrite rest = await again.NextAsync();
        rest.Numbers.Should().Equal(2, 3, 4);
        await AcknowledgedAsync(restarted, 1);
        await AcknowledgedAsync(restarted, 5);
        rest.Store();
        HeldWrite last = await again.NextAsync();
        last.Numbers.Should().Equal([5], "the first was stored before the restart, and its hash is known");
        last.Store();
    }

    [Fact]
    public async Task A_sink_that_fails_gets_the_bodies_again_for_as_long_as_it_takes_though_nobody_waits()
    {
        TestTime time = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(_sink), time: time);
        await AcknowledgedAsync(host, 1);

        for (int i = 0; i < 12; i++)
        {
            HeldWrite write = await _sink.NextAsync();
            write.Numbers[0].Should().Be(1);
            write.Fail();
        }

        HeldWrite last = await _sink.NextAsync();
        time.Waits.Zip([100.0, 200, 400, 800, .. Enumerable.Repeat(1000.0, 8)]).Should().HaveCount(12)
            .And.OnlyContain(w => w.First.TotalMilliseconds >= 0.8 * w.Second && w.First.TotalMilliseconds <= Math.Min(1.2 * w.Second, 1000));
        last.Store();
        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
    }

    [Fact]
    public async Task Each_sink_goes_at_its_own_pace()
    {
        RecordingSink quick = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(_sink).AddSink(quick));
        await AcknowledgedAsync(host, 1);
        HeldWrite slow = await _sink.NextAsync();
        for (int n = 2; n <= 5; n++)
            await AcknowledgedAsync(host, n);

        await Wait.UntilAsync(() => quick.Numbers.Count == 5, s_limit, "the quick sink to have everything");

        Backlog(host).Bodies.Should().Be(5, "the other sink still needs them");
        slow.Store();
        (await _sink.NextAsync()).Store();
        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
    }

    [Fact]
    public async Task Two_sinks_of_one_kind_each_get_everything_across_a_restart()
    {
        RecordingSink first = new();
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(first).AddSink(_sink)))
        {
            await AcknowledgedAsync(host, 1);
            (await _sink.NextAsync()).HeedCancellation();
            await Wait.UntilAsync(() => first.Numbers.Count == 1, s_limit, "the first sink to have it");
            await host.StopAsync().WaitAsync(s_limit);
        }

        RecordingSink second = new();
        await using (DeliveryHost restarted = await StartAsync(b => b.AddSink(first).AddSink(second)))
        {
            await Wait.UntilAsync(() => second.Numbers.Count == 1, s_limit, "the second sink of the same class to get it");
            await AcknowledgedAsync(restarted, 2);
            await Wait.UntilAsync(() => second.Numbers.Count == 2 && first.Numbers.Count == 2, s_limit, "both to get the next");
            await Wait.UntilAsync(() => Backlog(restarted).Bodies == 0, s_limit, "the spool to be empty");
        }

        RecordingSink third = new();
        await using DeliveryHost last = await StartAsync(b => b.AddSink(first).AddSink(third));
        await AcknowledgedAsync(last, 3);
        await Wait.UntilAsync(() => first.Numbers.Count == 3 && third.Numbers.Count == 1, s_limit, "both to get the last");
        first.Numbers.Should().Equal(1, 2, 3);
        third.Numbers.Should().Equal(3);
    }

    [Fact]
    public async Task A_full_spool_holds_what_is_new_and_takes_it_when_there_is_room()
    {
        await using DeliveryHost host = await StartAsync(
            b => b.AddSink(_sink), o => o.MaxBatchEvents = 5, spool: o => o.MaxBytes = MiB);
        int taken = 0;
        Task<bool> held;
        do
        {
            taken.Should().BeLessThan(30, "1 MiB holds no more than 20 of these bodies");
            Task<bool> answer = held = host.DeliverAsync(NumberedBody.OfSize(++taken, 50_000));
            await Wait.UntilAsync(() => answer.IsCompleted || IsFull(), s_limit, "an answer, or the spool to be full");
        }
        while (!IsFull());

        using CancellationTokenSource over = new();
        Task<bool> other = host.DeliverAsync(NumberedBody.OfSize(500, 50_000), over.Token);
        await over.CancelAsync();
        (await other.WaitAsync(s_limit)).Should().BeFalse("its sender keeps it");
        held.IsCompleted.Should().BeFalse();

        List<long> stored = [];
        while (stored.Count < taken)
        {
            HeldWrite write = await _sink.NextAsync();
            stored.AddRange(write.Numbers);
            write.Store();
        }

        (await held.WaitAsync(s_limit)).Should().BeTrue();
        stored.Should().Equal(Enumerable.Range(1, taken).Select(n => (long)n));
        Backlog(host).SuspendedSinks.Should().BeEmpty("a lone sink is never suspended: its senders are held instead");

        bool IsFull() => host.Log.Of(LogLevel.Warning).Any(line => line.StartsWith("Sink spool cannot store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sink_that_fills_the_spool_alone_is_suspended_and_resumed_when_it_stores_again()
    {
        RecordingSink quick = new();
        await using DeliveryHost host = await StartAsync(
            b => b.AddSink(quick).AddSink(_sink), o => o.MaxBatchEvents = 5, spool: o => o.MaxBytes = MiB);
        await AcknowledgedAsync(host, 1);
        HeldWrite hanging = await _sink.NextAsync();

        for (int n = 2; n <= 60; n++)
            (await host.DeliverAsync(NumberedBody.OfSize(n, 50_000)).WaitAsync(s_limit)).Should().BeTrue("the others go on");

        await Wait.UntilAsync(() => quick.Numbers.Count == 60, s_limit, "the quick sink to have everything");
        Backlog(host).SuspendedSinks.Should().Equal(nameof(ControlledSink));
        host.Log.Of(LogLevel.Error).Should().ContainSingle(line => line.Contains("suspended") && line.Contains(nameof(ControlledSink)));

        hanging.Store();
        await Wait.UntilAsync(() => Backlog(host).SuspendedSinks.Count == 0, s_limit, "the sink to be resumed");
        await AcknowledgedAsync(host, 61);
        List<long> stored = [1];
        while (stored[^1] != 61)
        {
            HeldWrite write = await _sink.NextAsync();
            stored.AddRange(write.Numbers);
            write.Store();
        }

        stored.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        stored.Count.Should().BeLessThan(61, "it missed what was removed while it was suspended");
        host.Log.Of(LogLevel.Error).Should().ContainSingle(line => line.Contains($"missed {61 - stored.Count} bodies"));
        quick.Numbers.Should().Equal(Enumerable.Range(1, 61).Select(n => (long)n));
    }

    [Fact]
    public async Task A_sink_that_keeps_its_position_is_asked_at_the_start_and_after_each_failure()
    {
        ResumingSink sink = new();
        sink.Outcomes.Enqueue(Outcome.StoredButUnknown);
        sink.Outcomes.Enqueue(Outcome.Failed);
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink), o => o.MaxBatchEvents = 1);

        for (int n = 1; n <= 3; n++)
            await AcknowledgedAsync(host, n);

        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
        sink.Numbers.Should().Equal([1, 2, 3], "what was committed before the connection broke is not stored again");
        sink.Asked.Should().HaveCount(3).And.OnlyContain(id => id == sink.Asked[0]);
        sink.PositionOf(sink.Asked[0]).Should().Be(3);
    }

    [Fact]
    public async Task What_a_sink_has_stored_is_forgotten_at_the_start_when_the_spool_was_not_told()
    {
        Guid id;
        using (SpoolFile file = SpoolFile.Open(Path, new SpoolOptions(), TimeProvider.System))
        {
            id = file.Id;
            file.Append([NumberedBody.Of(1), NumberedBody.Of(2), NumberedBody.Of(3)]);
        }

        ResumingSink sink = new();
        sink.SetPosition(id, 2);
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink));

        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
        sink.Numbers.Should().Equal(3);
    }

    [Fact]
    public async Task Bodies_that_only_the_spool_still_knows_are_forgotten_without_anything_new_to_come()
    {
        Guid id;
        using (SpoolFile file = SpoolFile.Open(Path, new SpoolOptions(), TimeProvider.System))
        {
            id = file.Id;
            file.Append([NumberedBody.Of(1), NumberedBody.Of(2)]);
        }

        ResumingSink sink = new();
        sink.SetPosition(id, 2);
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink));

        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
        sink.Numbers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_spool_made_anew_is_stored_though_the_sink_has_the_position_of_the_old_one()
    {
        ResumingSink sink = new();
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(sink)))
        {
            for (int n = 1; n <= 5; n++)
                await AcknowledgedAsync(host, n);
            await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
            await host.StopAsync();
        }

        foreach (string part in Directory.GetFiles(_folder.Path))
            File.Delete(part);
        await using DeliveryHost anew = await StartAsync(b => b.AddSink(sink));
        await AcknowledgedAsync(anew, 6);

        await Wait.UntilAsync(() => sink.Numbers.Contains(6), s_limit, "the first body of the new spool to be stored");
        sink.Numbers.Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public async Task An_older_copy_of_the_spool_loses_nothing_that_is_new()
    {
        ResumingSink sink = new();
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(sink)))
        {
            await AcknowledgedAsync(host, 1);
            await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
            await host.StopAsync();
        }

        string copy = _folder["copy.db"];
        File.Copy(Path, copy);
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(sink)))
        {
            for (int n = 2; n <= 5; n++)
                await AcknowledgedAsync(host, n);
            await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
            await host.StopAsync();
        }

        File.Copy(copy, Path, overwrite: true);
        await using DeliveryHost older = await StartAsync(b => b.AddSink(sink));
        await AcknowledgedAsync(older, 6);

        await Wait.UntilAsync(() => sink.Numbers.Contains(6), s_limit, "the new body to be stored");
        sink.Numbers.Should().Equal(1, 2, 3, 4, 5, 6);
        older.Log.Of(LogLevel.Warning).Should().ContainSingle(line => line.Contains("older copy"));
    }

    [Fact]
    public async Task A_body_older_than_the_window_is_stored_with_a_warning()
    {
        using (SpoolFile file = SpoolFile.Open(Path, new SpoolOptions(), TimeProvider.System))
            file.Append([NumberedBody.At(DateTimeOffset.UtcNow.AddDays(-2), 1), NumberedBody.Of(2)]);
        RecordingSink sink = new();

        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink));

        await Wait.UntilAsync(() => sink.Numbers.Count == 2, s_limit, "both to be stored");
        host.Log.Of(LogLevel.Warning).Should().ContainSingle().Which.Should().StartWith("Body 1 of the spool arrived at");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopping_ends_soon_while_a_sink_hangs_and_loses_nothing(bool heedsCancellation)
    {
        DeliveryHost host = await StartAsync(b => b.AddSink(_sink));
        await AcknowledgedAsync(host, 1);
        HeldWrite write = await _sink.NextAsync();
        if (heedsCancellation)
            write.HeedCancellation();

        await host.StopAsync().WaitAsync(s_limit);
        await host.DisposeAsync().AsTask().WaitAsync(s_limit);

        RecordingSink again = new();
        await using DeliveryHost restarted = await StartAsync(b => b.AddSink(again));
        await Wait.UntilAsync(() => again.Numbers.Count == 1, s_limit, "the body to be stored by the next host");
        if (!heedsCancellation)
            write.Store();
    }

    [Fact]
    public async Task Without_a_required_sink_nothing_is_kept_in_the_file()
    {
        RecordingSink sink = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink, o => o.Required = false));

        await AcknowledgedAsync(host, 1);

        await Wait.UntilAsync(() => sink.Numbers.Count == 1, s_limit, "the sink to get it");
        Backlog(host).Bodies.Should().Be(0);
    }

    [Fact]
    public async Task A_second_host_on_the_same_file_does_not_start()
    {
        await using DeliveryHost host = await StartAsync(b => b.AddSink(_sink));

        Func<Task> second = async () => await (await StartAsync(b => b.AddSink(_sink))).DisposeAsync();

        await second.Should().ThrowAsync<IOException>().WithMessage($"The spool {Path} is used by another process.*");
        await AcknowledgedAsync(host, 1);
        (await _sink.NextAsync()).Store();
    }

    [Fact]
    public async Task A_listener_that_throws_on_every_measurement_and_a_log_that_throws_change_nothing_of_what_is_stored()
    {
        RecordingSink first = new();
        RecordingSink second = new();
        await using DeliveryHost host = await StartAsync(b =>
        {
            b.Services.AddSingleton<ILoggerProvider, FailingLoggerProvider>();
            b.AddSink(first).AddSink(second);
        });
        using MeterListener listener = FailingMeterListener.On(host.Services);

        for (int n = 1; n <= 20; n++)
            await AcknowledgedAsync(host, n);
        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
        await host.StopAsync();

        long[] all = [.. Enumerable.Range(1, 20).Select(n => (long)n)];
        first.Numbers.Should().Equal(all);
        second.Numbers.Should().Equal(all);
    }

    [Fact]
    public async Task A_failure_of_the_spools_own_file_is_not_logged_as_one_of_the_sink()
    {
        await using DeliveryHost host = await StartAsync(b => b.AddSink(_sink));
        await AcknowledgedAsync(host, 1);
        HeldWrite write = await _sink.NextAsync();

        await ExecuteAsync("ALTER TABLE bodies RENAME TO elsewhere");
        write.Fail();
        await Wait.UntilAsync(() => host.Log.Of(LogLevel.Error).Any(), s_limit, "the failure to be logged");
        await ExecuteAsync("ALTER TABLE elsewhere RENAME TO bodies");

        (await _sink.NextAsync()).Store();
        await Wait.UntilAsync(() => Backlog(host).Bodies == 0, s_limit, "the spool to be empty");
        host.Log.Of(LogLevel.Error).Should().OnlyContain(line => line.StartsWith($"The spool {Path} could not be read for sink ControlledSink"));
        host.Log.Of(LogLevel.Warning).Should().ContainSingle("the sink failed once").Which.Should().StartWith("Sink ControlledSink cannot store");
    }

    public void Dispose() => _folder.Dispose();

    private async Task ExecuteAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static SpoolBacklog Backlog(DeliveryHost host) => host.Services.GetRequiredService<IEventSpool>().ReadBacklog();

    private static async Task AcknowledgedAsync(DeliveryHost host, params long[] numbers) =>
        (await host.DeliverAsync(NumberedBody.Of(numbers)).WaitAsync(s_limit)).Should().BeTrue();

    private Task<DeliveryHost> StartAsync(
        Action<JanusEventsBuilder> add,
        Action<JanusEventsOptions>? options = null,
        TimeProvider? time = null,
        Action<SpoolOptions>? spool = null) =>
        DeliveryHost.StartAsync(
            builder =>
            {
                add(builder);
                builder.UseSpool(Path, spool);
            },
            options,
            time);
}
