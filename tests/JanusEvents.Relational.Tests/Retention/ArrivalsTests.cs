using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Stores;

namespace JanusEvents.Relational.Tests.Retention;

/// <summary>How old a row is at least, by the records of how far its table had come when.</summary>
public sealed class ArrivalsTests : IAsyncLifetime
{
    private static readonly DateTime s_day = new(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TableDefinition s_table = EventTables.All.First(t => t.Name == "sessions");

    private readonly Arrivals _arrivals = new(SqliteTables.Dialect);
    private SqliteTables _tables = null!;

    public async ValueTask InitializeAsync() => _tables = await SqliteTables.CreateAsync();

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task Without_a_record_nothing_is_known()
    {
        (await LastBeforeAsync(s_day)).Should().BeNull();
        (await _arrivals.ReadFirstAsync(_tables.Connection, s_table)).Should().BeNull();
    }

    [Fact]
    public async Task The_latest_record_up_to_a_time_counts()
    {
        await NoteAsync(10, s_day);
        await NoteAsync(20, s_day.AddDays(1));

        (await LastBeforeAsync(s_day.AddDays(-1))).Should().BeNull();
        (await LastBeforeAsync(s_day)).Should().Be(10, "a record of exactly that time is not later");
        (await LastBeforeAsync(s_day.AddDays(1).AddTicks(-10))).Should().Be(10);
        (await LastBeforeAsync(s_day.AddDays(2))).Should().Be(20);
        (await _arrivals.ReadFirstAsync(_tables.Connection, s_table)).Should().Be(10);
    }

    [Fact]
    public async Task A_host_whose_clock_is_slow_makes_no_row_older()
    {
        await NoteAsync(10, s_day);
        await NoteAsync(20, s_day.AddDays(5));
        await NoteAsync(30, s_day.AddDays(1));

        (await LastBeforeAsync(s_day.AddDays(2))).Should().Be(10);
    }

    [Fact]
    public async Task A_number_is_recorded_once_and_a_table_that_was_emptied_records_nothing_new()
    {
        await NoteAsync(10, s_day);
        await _arrivals.NoteAsync(_tables.Connection, s_table, s_day.AddDays(1));
        await _tables.RunAsync("DELETE FROM sessions");
        await _arrivals.NoteAsync(_tables.Connection, s_table, s_day.AddDays(2));

        (await RecordsAsync()).Should().Equal(10);
        (await LastBeforeAsync(s_day)).Should().Be(10, "the first time that the number was seen counts");
    }

    [Fact]
    public async Task An_empty_table_begins_at_zero()
    {
        await _arrivals.NoteAsync(_tables.Connection, s_table, s_day);

        (await LastBeforeAsync(s_day)).Should().Be(0);
    }

    [Fact]
    public async Task Only_tables_that_are_numbered_by_arrival_begin()
    {
        await _arrivals.BeginAsync(_tables.Connection, ["sessions", "facts", "hashes", "rejected"], s_day);

        (await _tables.NumbersAsync("SELECT row FROM arrivals")).Should().Equal(0, 0);
    }

    [Fact]
    public async Task Records_before_a_number_are_removed_and_its_own_stays()
    {
        await NoteAsync(10, s_day);
        await NoteAsync(20, s_day.AddDays(1));
        await _tables.RunAsync("INSERT INTO arrivals (tablename, row, noted) VALUES ('handles', 5, '2026-07-01')");

        await _arrivals.DeleteBeforeAsync(_tables.Connection, s_table, 20);

        (await RecordsAsync()).Should().Equal(20);
        (await _tables.NumbersAsync("SELECT row FROM arrivals WHERE tablename = 'handles'")).Should().Equal(5);
    }

    private Task<long?> LastBeforeAsync(DateTime time) => _arrivals.ReadLastBeforeAsync(_tables.Connection, s_table, time);

    private Task<List<long>> RecordsAsync() => _tables.NumbersAsync("SELECT row FROM arrivals WHERE tablename = 'sessions' ORDER BY row");

    private async Task NoteAsync(long highest, DateTime now)
    {
        await _tables.RunAsync($"INSERT INTO sessions (id) VALUES ({highest})");
        await _arrivals.NoteAsync(_tables.Connection, s_table, now);
    }
}
