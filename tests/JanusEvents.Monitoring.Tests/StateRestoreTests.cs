using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Tests.Hosts;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JanusEvents.Monitoring.Tests;

/// <summary>What a host that was started anew asks the store for.</summary>
public sealed class StateRestoreTests
{
    private static readonly DateTimeOffset s_now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Many_calls_that_began_earlier_do_not_hold_up_the_question_of_a_silent_server()
    {
        FakeTimeProvider clock = new(s_now);
        SlowStore store = new(clock, calls: 3);
        TroublesOptions options = new();
        TroubleBook book = new([], []);
        MonitoredServers servers = new(null, clock, new TroubleDetector(options, book), StateLimits.Of(options));
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).Services.BuildServiceProvider();
        using StateRestore restore = new(
            [store], servers, book, new OrphanedTroubles(servers, book, clock), options, services.GetRequiredService<Observers>(), clock, NullLogger<StateRestore>.Instance);
        await restore.StartingAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(30));
        servers.Tick();
        servers.InQuestion().Should().NotBeEmpty();

        await restore.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return store.Asked.Count(what => what == "history") == 3;
            },
            Wait.Limit,
            "the histories of all calls");
        await restore.StopAsync(CancellationToken.None);

        store.Asked.Take(2).Should().Equal("history", "silent server");
    }

    /// <summary>A store whose every history takes three seconds to read.</summary>
    private sealed class SlowStore(FakeTimeProvider clock, int calls) : IMonitoringStore
    {
        public ConcurrentQueue<string> Asked { get; } = [];

        public Task<IReadOnlyList<Trouble>> ReadOpenTroublesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Trouble>>([]);

        public Task<IReadOnlyList<JanusEvent>> ReadLatestEventsAsync(int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<JanusEvent>>([.. Enumerable.Range(1, calls).SelectMany(number => new SyntheticCall("edge-7", number).Statistics(s_now, 50))]);

        public Task<bool> HasEventsAfterAsync(string? emitter, DateTimeOffset time, CancellationToken cancellationToken)
        {
            Asked.Enqueue("silent server");
            return Task.FromResult(false);
        }

        public async IAsyncEnumerable<JanusEvent> ReadEventsOfAsync(string? emitter, long session, long handle, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Asked.Enqueue("history");
            clock.Advance(TimeSpan.FromSeconds(3));
            await Task.CompletedTask;
            yield break;
        }

        public Task AddRecordsAsync(IReadOnlyList<PeerConnectionRecord> records, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SaveTroublesAsync(IReadOnlyList<Trouble> troubles, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<JanusEvent> ReadEventsAsync(DateTimeOffset since, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
