using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Relational.Writing;

namespace JanusEvents.Relational.Tests.Writing;

/// <summary>Numbers from blocks of a counter that several hosts share.</summary>
public sealed class RowNumbersTests : IAsyncLifetime
{
    private const int Block = 10_000;
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);

    private readonly Clock _time = new();
    private SqliteTables _tables = null!;
    private RowNumbers _numbers = null!;

    public async ValueTask InitializeAsync()
    {
        _tables = await SqliteTables.CreateAsync();
        _numbers = Host();
    }

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task Numbers_follow_each_other_within_a_block()
    {
        (await TakeAsync(10)).Should().Be(1);
        (await TakeAsync(5)).Should().Be(11);
        (await TakeAsync(0)).Should().Be(16);
        (await NextAsync()).Should().Be(Block + 1);
    }

    [Fact]
    public async Task A_block_is_used_up_to_its_last_number()
    {
        await TakeAsync(Block - 1);

        (await TakeAsync(1)).Should().Be(Block);
        (await NextAsync()).Should().Be(Block + 1);
        (await TakeAsync(1)).Should().Be(Block + 1);
    }

    [Fact]
    public async Task Numbers_of_one_batch_are_never_divided_between_blocks()
    {
        await TakeAsync(Block - 1);

        (await TakeAsync(2)).Should().Be(Block + 1);
        (await TakeAsync(1)).Should().Be(Block + 3);
    }

    [Fact]
    public async Task A_batch_larger_than_a_block_gets_a_block_of_its_size()
    {
        (await TakeAsync(25_000)).Should().Be(1);
        (await NextAsync()).Should().Be(25_001);
        (await TakeAsync(1)).Should().Be(25_001);
    }

    [Fact]
    public async Task A_host_goes_on_with_its_block_for_a_moment_whoever_took_the_next()
    {
        await TakeAsync(1);
        (await Host().TakeAsync(_tables.Connection, 1)).Should().Be(Block + 1);

        (await TakeAsync(1)).Should().Be(2);
    }

    [Fact]
    public async Task An_older_block_is_used_further_as_long_as_it_is_the_latest()
    {
        await TakeAsync(1);
        _time.Now += s_moment;

        (await TakeAsync(1)).Should().Be(2);
        (await NextAsync()).Should().Be(Block + 1);
    }

    [Fact]
    public async Task A_block_that_was_found_the_latest_is_used_for_another_moment_without_asking()
    {
        await TakeAsync(1);
        _time.Now += s_moment;
        await TakeAsync(1);
        await Host().TakeAsync(_tables.Connection, 1);

        (await TakeAsync(1)).Should().Be(3);
    }

    [Fact]
    public async Task An_older_block_is_left_once_another_host_took_one_after_it()
    {
        await TakeAsync(1);
        await Host().TakeAsync(_tables.Connection, 1);
        _time.Now += s_moment;

        (await TakeAsync(1)).Should().Be((2 * Block) + 1);
    }

    [Fact]
    public async Task Only_the_numbers_taken_last_can_be_given_back()
    {
        long first = await TakeAsync(3);
        long second = await TakeAsync(4);

        _numbers.GiveBack(first, 3);
        (await TakeAsync(1)).Should().Be(8);
        _numbers.GiveBack(8, 1);
        _numbers.GiveBack(second, 4);
        (await TakeAsync(1)).Should().Be(second);
    }

    [Fact]
    public async Task Beyond_all_means_beyond_every_row_that_is_there_and_holds_once()
    {
        await TakeAsync(1);
        await _tables.RunAsync("INSERT INTO dtls (id) VALUES (50000)");
        await _tables.RunAsync("INSERT INTO facts (arrival, tablename, part) VALUES (60000, 'plugins', 0)");

        _numbers.GoBeyondAll();

        (await TakeAsync(1)).Should().Be(60_001);
        (await TakeAsync(1)).Should().Be(60_002);
    }

    [Fact]
    public async Task Beyond_all_takes_a_new_block_even_where_no_row_is_higher()
    {
        await TakeAsync(1);

        _numbers.GoBeyondAll();

        (await TakeAsync(1)).Should().Be(Block + 1);
    }

    [Fact]
    public async Task A_counter_that_was_set_back_is_raised_beyond_the_rows()
    {
        await TakeAsync(1);
        await _tables.RunAsync("INSERT INTO sessions (id) VALUES (20000)");
        await _tables.RunAsync("UPDATE counters SET next = 5");
        _time.Now += s_moment;

        (await TakeAsync(1)).Should().Be(20_001);
    }

    [Fact]
    public async Task A_counter_that_was_removed_is_created_again_beyond_the_rows()
    {
        await _tables.RunAsync("INSERT INTO sessions (id) VALUES (7)");
        await _tables.RunAsync("DELETE FROM counters");

        (await TakeAsync(1)).Should().Be(8);
        (await NextAsync()).Should().Be(8 + Block);
    }

    [Fact]
    public async Task A_database_that_does_not_keep_the_counter_is_named_in_the_failure()
    {
        await _tables.RunAsync("DELETE FROM counters");
        await _tables.RunAsync("CREATE TRIGGER never BEFORE INSERT ON counters BEGIN SELECT RAISE(IGNORE); END");

        var failure = await TakeAsync(1).FailureAsync();

        failure.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("The table counters does not keep its row \"rows\".");
    }

    [Fact]
    public async Task A_block_whose_commit_fails_is_not_used()
    {
        await _tables.RunAsync("CREATE TRIGGER never AFTER UPDATE ON counters BEGIN SELECT RAISE(FAIL, 'no'); END");
        (await TakeAsync(1).FailureAsync()).Should().NotBeNull();
        await _tables.RunAsync("DROP TRIGGER never");
        (await Host().TakeAsync(_tables.Connection, 1)).Should().Be(1);

        (await TakeAsync(1)).Should().Be(Block + 1);
    }

    private RowNumbers Host() => new(SqliteTables.Dialect, _time);

    private Task<long> TakeAsync(int count) => _numbers.TakeAsync(_tables.Connection, count).AsTask();

    private async Task<long> NextAsync() => (await _tables.NumbersAsync("SELECT next FROM counters")).Should().ContainSingle().Subject;

    /// <summary>A clock that stands where the test sets it.</summary>
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
