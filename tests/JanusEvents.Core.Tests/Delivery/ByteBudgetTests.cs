using JanusEvents.Delivery;
using JanusEvents.Observation;

namespace JanusEvents.Core.Tests.Delivery;

public sealed class ByteBudgetTests : IDisposable
{
    private readonly JanusEventsMeter _meter = new();
    private readonly ByteBudget _budget;

    public ByteBudgetTests() => _budget = new ByteBudget(100, _meter);

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void What_fits_is_given_at_once()
    {
        using ByteReservation first = _budget.Open();
        using ByteReservation second = _budget.Open();

        Add(first, 60).IsCompletedSuccessfully.Should().BeTrue();
        Add(second, 40).IsCompletedSuccessfully.Should().BeTrue();
        _budget.Reserved.Should().Be(100);
    }

    [Fact]
    public async Task What_does_not_fit_waits_without_holding_any()
    {
        ByteReservation first = _budget.Open();
        using ByteReservation second = _budget.Open();
        await Add(first, 60);

        Task waits = Add(second, 41);
        bool waited = !waits.IsCompleted;
        long reserved = _budget.Reserved;
        first.Dispose();
        await waits;

        waited.Should().BeTrue();
        reserved.Should().Be(60);
        _budget.Reserved.Should().Be(41);
    }

    [Fact]
    public async Task Nobody_is_overtaken_by_later_and_smaller_ones()
    {
        using ByteReservation first = _budget.Open();
        using ByteReservation large = _budget.Open();
        using ByteReservation small = _budget.Open();
        await Add(first, 60);
        Task largeWaits = Add(large, 90);

        Task smallWaits = Add(small, 1);

        smallWaits.IsCompleted.Should().BeFalse();
        first.Release(60);
        await largeWaits;
        await smallWaits;
    }

    [Fact]
    public async Task More_than_everything_is_given_to_one_who_is_alone()
    {
        using ByteReservation first = _budget.Open();
        using ByteReservation huge = _budget.Open();
        await Add(first, 1);
        Task waits = Add(huge, 1000);
        bool waited = !waits.IsCompleted;

        first.Release(1);

        await waits;
        waited.Should().BeTrue();
        _budget.Reserved.Should().Be(1000);
    }

    [Fact]
    public async Task Of_those_who_hold_bytes_and_need_more_one_at_a_time_goes_ahead_to_its_end()
    {
        ByteReservation first = _budget.Open();
        using ByteReservation second = _budget.Open();
        await Add(first, 50);
        await Add(second, 50);

        await Add(first, 50);
        Task secondWaits = Add(second, 50);
        await Add(first, 500);

        secondWaits.IsCompleted.Should().BeFalse();
        _budget.Reserved.Should().Be(650);
        first.Dispose();
        await secondWaits;
        _budget.Reserved.Should().Be(100);
    }

    [Fact]
    public async Task One_that_is_silent_does_not_keep_those_from_going_on_who_hold_bytes()
    {
        using ByteReservation silent = _budget.Open();
        using ByteReservation growing = _budget.Open();
        await Add(silent, 1);
        await Add(growing, 1);

        await Add(growing, 100);

        _budget.Reserved.Should().Be(102);
    }

    [Fact]
    public async Task Nobody_goes_ahead_while_whole_bodies_hold_bytes_that_will_be_given_back()
    {
        ByteReservation whole = _budget.Open();
        using ByteReservation growing = _budget.Open();
        await Add(whole, 60);
        whole.Settle();
        await Add(growing, 40);

        Task waits = Add(growing, 40);
        bool waited = !waits.IsCompleted;
        whole.Dispose();

        await waits;
        waited.Should().BeTrue();
        _budget.Reserved.Should().Be(80);
    }

    [Fact]
    public async Task Those_who_hold_bytes_go_before_those_who_hold_none()
    {
        using ByteReservation holder = _budget.Open();
        using ByteReservation growing = _budget.Open();
        using ByteReservation newcomer = _budget.Open();
        await Add(holder, 50);
        holder.Settle();
        await Add(growing, 50);
        Task newcomerWaits = Add(newcomer, 50);
        Task growingWaits = Add(growing, 50);

        holder.Release(50);

        await growingWaits;
        newcomer.Held.Should().Be(0);
        newcomerWaits.IsCompleted.Should().BeFalse();
        growing.Release(50);
        await newcomerWaits;
    }

    [Fact]
    public async Task One_that_needs_no_bytes_never_waits()
    {
        using ByteReservation full = _budget.Open();
        using ByteReservation waiting = _budget.Open();
        using ByteReservation empty = _budget.Open();
        await Add(full, 100);
        Task waits = Add(waiting, 50);

        Add(empty, 0).IsCompletedSuccessfully.Should().BeTrue();

        waits.IsCompleted.Should().BeFalse();
        full.Release(100);
        await waits;
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_nothing_and_lets_the_next_go_on()
    {
        using CancellationTokenSource giveUp = new();
        using ByteReservation first = _budget.Open();
        using ByteReservation large = _budget.Open();
        using ByteReservation small = _budget.Open();
        await Add(first, 60);
        Task largeWaits = large.AddAsync(90, giveUp.Token).AsTask();
        Task smallWaits = Add(small, 40);

        await giveUp.CancelAsync();

        await smallWaits;
        Func<Task> gaveUp = () => largeWaits;
        await gaveUp.Should().ThrowAsync<OperationCanceledException>();
        _budget.Reserved.Should().Be(100);
        _budget.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task Everything_comes_back_whatever_happens()
    {
        await Parallel.ForAsync(0, 2_000, async (i, _) =>
        {
            using CancellationTokenSource giveUp = new(TimeSpan.FromMilliseconds(i % 3 == 0 ? 1 : 10_000));
            using ByteReservation reservation = _budget.Open();
            try
            {
                await reservation.AddAsync(i % 70, giveUp.Token);
                await Task.Yield();
                await reservation.AddAsync(i % 50, giveUp.Token);
                reservation.Settle();
                await Task.Yield();
            }
            catch (OperationCanceledException)
            {
            }
        });

        _budget.Reserved.Should().Be(0);
        _budget.Waiting.Should().Be(0);
    }

    private static Task Add(ByteReservation reservation, long bytes) => reservation.AddAsync(bytes, CancellationToken.None).AsTask();
}
