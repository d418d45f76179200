using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>What is logged while a sink cannot store.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly DeliveryLogLines _log = new();
    private readonly MinuteTime _time = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_line_when_it_begins_one_each_minute_and_one_when_it_is_over()
    {
        Outage outage = new("MySql", _time, _log);
        for (int second = 0; second < 150; second++)
        {
            outage.Failed(new InvalidOperationException("The database db:3306 cannot be opened: Connection refused", new TimeoutException("x")));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        outage.Worked();
        outage.Worked();

        _log.Of(LogLevel.Warning).Should().Equal(
            "Sink MySql cannot store. Bodies wait in the spool, or their senders keep them. Cause: The database db:3306 cannot be opened: Connection refused (x)",
            "Sink MySql has not stored for 00:01:00 (61 failures). Cause: The database db:3306 cannot be opened: Connection refused (x)",
            "Sink MySql has not stored for 00:02:00 (121 failures). Cause: The database db:3306 cannot be opened: Connection refused (x)");
        _log.Of(LogLevel.Information).Should().Equal("Sink MySql stores again after 00:02:30 and 150 failures.");
        _log.Of(LogLevel.Debug).Should().ContainSingle("the stack is logged once");
    }

    [Fact]
    public void The_cause_is_one_line_and_not_long()
    {
        Outage outage = new("MySql", _time, _log);

        outage.Failed(new InvalidOperationException("one\r\ntwo" + new string('x', 2000)));

        _log.Of(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("one two").And.NotContain("\n").And.Subject.Length.Should().BeLessThan(700);
    }

    [Fact]
    public async Task A_sink_that_fails_for_many_tries_logs_few_lines()
    {
        int left = 500;
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink(new TryingSink(() => Interlocked.Decrement(ref left) > 0)), time: new TestTime());

        (await host.DeliverAsync(NumberedBody.Of(1)).WaitAsync(Wait.Limit)).Should().BeTrue();

        host.Log.Of(LogLevel.Warning).Should().ContainSingle();
        host.Log.Of(LogLevel.Information).Should().ContainSingle().Which.Should().Contain("499 failures");
    }

    private sealed class TryingSink(Func<bool> fails) : IEventSink
    {
        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) =>
            fails() ? throw new InvalidOperationException("Not yet.") : ValueTask.CompletedTask;
    }

    private sealed class MinuteTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
