using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Tests.Notifications;
using JanusEvents.Monitoring.Troubles;
using Microsoft.Extensions.Time.Testing;

namespace JanusEvents.Monitoring.Tests;

/// <summary>What becomes of troubles that were open when the host before ended.</summary>
public sealed class OrphanedTroublesTests : ITroubleObserver
{
    private static readonly DateTimeOffset s_now = SampleTroubles.Start.AddMinutes(1);

    private readonly FakeTimeProvider _clock = new(s_now);
    private readonly List<Trouble> _changed = [];
    private readonly List<Trouble> _resumed = [];
    private readonly OpenStore _store = new();
    private readonly MonitoredServers _servers;
    private readonly OrphanedTroubles _orphans;
    private readonly TroubleBook _book;

    public OrphanedTroublesTests()
    {
        TroublesOptions options = new();
        _book = new TroubleBook([this], []);
        _servers = new MonitoredServers(null, _clock, new TroubleDetector(options, _book), StateLimits.Of(options));
        _orphans = new OrphanedTroubles(_servers, _book, _clock);
    }

    bool ITroubleObserver.IsToldOfRestored => true;

    [Fact]
    public async Task One_that_nobody_follows_ends_as_unknown_five_minutes_after_the_start()
    {
        Trouble open = _store.Add(SampleTroubles.OfCall());
        _orphans.Resume([open]);

        await LookAfterAsync(TimeSpan.FromMinutes(4.9));
        _changed.Should().BeEmpty();
        await LookAfterAsync(TimeSpan.FromMinutes(0.1));

        _changed.Should().ContainSingle().Which.Should().BeEquivalentTo(open with { Ended = s_now.AddMinutes(5), EndedBy = TroubleEnd.Unknown });
        await LookAfterAsync(TimeSpan.FromMinutes(5));
        _changed.Should().ContainSingle();
    }

    [Fact]
    public async Task One_that_ended_meanwhile_stays_as_it_ended()
    {
        Trouble open = _store.Add(SampleTroubles.OfCall());
        _orphans.Resume([open]);
        _store.Remove(open);

        await LookAfterAsync(TimeSpan.FromMinutes(5));

        _changed.Should().BeEmpty();
    }

    [Fact]
    public async Task Where_the_store_could_not_be_read_at_the_start_they_are_read_later_and_end_five_minutes_after_that()
    {
        Trouble open = _store.Add(SampleTroubles.OfCall());
        _orphans.Resume(null);
        _store.Fails = true;
        Func<Task> fails = () => LookAfterAsync(TimeSpan.FromMinutes(10));
        await fails.Should().ThrowAsync<IOException>();
        _store.Fails = false;
        _store.Add(SampleTroubles.OfCall(2, began: s_now.AddMinutes(1)));

        await LookAfterAsync(TimeSpan.Zero);
        _resumed.Should().Equal(open);
        await LookAfterAsync(TimeSpan.FromMinutes(5));

        _changed.Should().ContainSingle().Which.Id.Should().Be(open.Id, "the other one began since, so that it is this host's own");
    }

    [Fact]
    public async Task Of_a_server_that_is_not_heard_the_calls_end_and_the_server_stays_in_trouble()
    {
        _book.IsRestoring = true;
        Trouble call = Replay();
        _book.IsRestoring = false;
        _servers.GoLive();
        _orphans.Resume([_store.Add(call)]);
        FallSilent();
        _changed.Clear();

        await LookAfterAsync(TimeSpan.FromMinutes(5));

        _changed.Should().ContainSingle().Which.Should().Match<Trouble>(t => t.Id == call.Id && t.EndedBy == TroubleEnd.Unknown);
        _servers.Read(all => all.Single().Troubles.Single(t => t.IsOpen).Code).Should().Be(TroubleCodes.ServerSilent);
    }

    [Fact]
    public void A_server_that_is_silent_for_a_day_is_forgotten_with_its_troubles()
    {
        Trouble call = Replay();
        _servers.GoLive();
        FallSilent();
        _changed.Clear();

        _clock.Advance(TimeSpan.FromDays(1));
        _servers.Tick();

        _changed.Select(t => (t.Code, t.EndedBy)).Should().BeEquivalentTo([(call.Code, TroubleEnd.Unknown), (TroubleCodes.ServerSilent, TroubleEnd.Unknown)]);
        _servers.Read().Should().ContainSingle().Which.PeerConnections.Should().Be(0);
    }

    void ITroubleObserver.Resume(Trouble trouble) => _resumed.Add(trouble);

    void ITroubleObserver.Changed(Trouble trouble, TroubleChange change) => _changed.Add(trouble);

    private Task LookAfterAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return _orphans.LookAsync(_store, CancellationToken.None);
    }

    // No other host hears of it either.
    private void FallSilent()
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        _servers.Tick();
        foreach ((string? emitter, _) in _servers.InQuestion())
            _servers.Answer(emitter, isElsewhere: false);
        _servers.Tick();
    }

    // A call whose media are lost.
    private Trouble Replay()
    {
        Hosts.SyntheticCall call = new("edge-7", 1);
        JanusEvent[] events =
        [
            .. call.Begin(s_now.AddSeconds(-20)), .. call.Statistics(s_now.AddSeconds(-19), 50), .. call.Receiving(s_now.AddSeconds(-18), false),
            .. Enumerable.Range(2, 6).SelectMany(second => call.Statistics(s_now.AddSeconds(second - 20), 50)),
        ];
        foreach (JanusEvent e in events)
            _servers.Replay(e);
        return _changed.Should().ContainSingle(t => t.Code == TroubleCodes.MediaLost).Subject;
    }

    /// <summary>A store of open troubles alone.</summary>
    private sealed class OpenStore : IMonitoringStore
    {
        private readonly List<Trouble> _open = [];

        public bool Fails { get; set; }

        public Trouble Add(Trouble trouble)
        {
            _open.Add(trouble);
            return trouble;
        }

        public void Remove(Trouble trouble) => _open.Remove(trouble);

        public Task<IReadOnlyList<Trouble>> ReadOpenTroublesAsync(CancellationToken cancellationToken) =>
            Fails ? throw new IOException("The store is away.") : Task.FromResult<IReadOnlyList<Trouble>>([.. _open]);

        public Task AddRecordsAsync(IReadOnlyList<PeerConnectionRecord> records, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SaveTroublesAsync(IReadOnlyList<Trouble> troubles, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<JanusEvent>> ReadLatestEventsAsync(int most, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<JanusEvent> ReadEventsAsync(DateTimeOffset since, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> HasEventsAfterAsync(string? emitter, DateTimeOffset time, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<JanusEvent> ReadEventsOfAsync(string? emitter, long session, long handle, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
