using JanusEvents.Delivery;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Delivery;

public sealed class BackoffTests
{
    private readonly TestTime _time = new();

    [Theory]
    [InlineData(0.0, new[] { 80.0, 160, 320, 640, 800, 800 })]
    [InlineData(0.5, new[] { 100.0, 200, 400, 800 * 1.0, 900, 900 })]
    [InlineData(1.0, new[] { 120.0, 240, 480, 960, 1000, 1000 })]
    public async Task A_wait_doubles_is_spread_by_a_fifth_and_is_never_longer_than_the_longest(double chance, double[] milliseconds)
    {
        Backoff backoff = New(chance);

        foreach (double _ in milliseconds)
            (await backoff.WaitAsync(CancellationToken.None)).Should().BeTrue();

        _time.Waits.Select(w => w.TotalMilliseconds).Should().Equal(milliseconds, (wait, expected) => Math.Abs(wait - expected) < 0.001);
        backoff.Failures.Should().Be(milliseconds.Length);
    }

    [Fact]
    public async Task Two_that_fail_at_the_same_time_do_not_come_back_at_the_same_time()
    {
        Backoff one = new(new JanusEventsOptions(), _time, new Random(1));
        Backoff other = new(new JanusEventsOptions(), _time, new Random(2));

        await one.WaitAsync(CancellationToken.None);
        await other.WaitAsync(CancellationToken.None);

        _time.Waits[0].Should().NotBe(_time.Waits[1]);
    }

    [Fact]
    public async Task A_success_ends_the_growing()
    {
        Backoff backoff = New(0.5);
        await backoff.WaitAsync(CancellationToken.None);
        await backoff.WaitAsync(CancellationToken.None);

        backoff.Reset();
        await backoff.WaitAsync(CancellationToken.None);

        _time.Waits[^1].TotalMilliseconds.Should().BeApproximately(100, 0.001);
        backoff.Failures.Should().Be(1);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_is_not_followed_by_another_try()
    {
        Backoff backoff = New(0.5);

        (await backoff.WaitAsync(new CancellationToken(canceled: true))).Should().BeFalse();
    }

    private Backoff New(double chance) => new(
        new JanusEventsOptions { RetryDelay = TimeSpan.FromMilliseconds(100), MaxRetryDelay = TimeSpan.FromSeconds(1) },
        _time,
        new Chance(chance));

    private sealed class Chance(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
