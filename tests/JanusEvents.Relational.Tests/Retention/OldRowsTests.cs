using JanusEvents.Relational.Retention;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Stores;

namespace JanusEvents.Relational.Tests.Retention;

/// <summary>How many rows go at once, and which stay together.</summary>
public sealed class OldRowsTests : IAsyncLifetime
{
    private const int Most = OldRows.MostAtOnce;
    private static readonly DateTime s_before = new(2026, 7, 2, 0, 0, 0, DateTimeKind.Utc);

    private SqliteTables _tables = null!;

    public async ValueTask InitializeAsync() => _tables = await SqliteTables.CreateAsync();

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task Rows_up_to_a_number_go_and_those_beyond_stay()
    {
        await InsertAsync("sessions", Enumerable.Range(1, 10).Select(id => (id, (int?)null, (string?)null)));

        (await Of("sessions").DeleteSomeAsync(_tables.Connection, UpTo(7, "sessions"), hasPart: false)).Should().Be((7, false));

        (await IdsAsync("sessions")).Should().Equal(8, 9, 10);
    }

    [Fact]
    public async Task No_more_than_a_thousand_go_at_once_and_the_next_time_goes_on_there()
    {
        await InsertAsync("sessions", Enumerable.Range(1, Most + 5).Select(id => (id, (int?)null, (string?)null)));
        OldRows rows = Of("sessions");

        (await rows.DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "sessions"), hasPart: false)).Should().Be((Most, true));
        (await rows.DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "sessions"), hasPart: false)).Should().Be((5, false));
        (await rows.DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "sessions"), hasPart: false)).Should().Be((0, false));
    }

    [Fact]
    public async Task Exactly_a_thousand_leave_nothing_to_be_looked_for()
    {
        await InsertAsync("sessions", Enumerable.Range(1, Most).Select(id => (id, (int?)null, (string?)null)));

        (await Of("sessions").DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "sessions"), hasPart: false)).Should().Be((Most, false));
    }

    [Fact]
    public async Task Parts_of_an_event_are_not_divided()
    {
        // The parts 0, 1 and 2 of one event have the numbers 999, 1000 and 1001.
        await InsertAsync("stats", Enumerable.Range(1, Most + 3).Select(id => (id, id is >= Most - 1 and <= Most + 1 ? id - (Most - 1) : (int?)null, (string?)null)));

        (await Of("stats").DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "stats"), hasPart: true)).Should().Be((Most - 2, true));
    }

    [Fact]
    public async Task Parts_that_end_at_the_thousandth_row_go_with_it()
    {
        await InsertAsync("stats", Enumerable.Range(1, Most + 2).Select(id => (id, (int?)((id - 1) % 2), (string?)null)));

        (await Of("stats").DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "stats"), hasPart: true)).Should().Be((Most, true));
    }

    [Fact]
    public async Task An_event_with_more_parts_than_go_at_once_is_divided_after_all()
    {
        await InsertAsync("stats", Enumerable.Range(1, Most + 1).Select(id => (id, (int?)(id - 1), (string?)null)));

        (await Of("stats").DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "stats"), hasPart: true)).Should().Be((Most, true));
    }

    [Fact]
    public async Task Facts_of_one_event_are_not_divided()
    {
        await _tables.RunAsync(
            $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Most + 1}) "
            + $"INSERT INTO facts (arrival, tablename, part) SELECT MIN(i, {Most}), 'plugins', i FROM n");

        (await new OldRows(SqliteTables.Dialect, FactTable.Definition)
            .DeleteSomeAsync(_tables.Connection, UpTo(long.MaxValue, "facts"), hasPart: false)).Should().Be((Most - 1, true));
    }

    [Fact]
    public async Task By_their_own_times_rows_go_up_to_the_first_that_is_not_old()
    {
        await InsertAsync("sessions", [(1, null, "2026-07-01"), (2, null, "2026-07-01"), (3, null, "2026-07-03"), (4, null, "2026-07-01")]);

        (await Of("sessions").DeleteSomeAsync(_tables.Connection, ByTime("sessions"), hasPart: false)).Should().Be((2, false));

        (await IdsAsync("sessions")).Should().Equal(3, 4);
    }

    [Fact]
    public async Task A_row_without_a_time_goes_with_an_old_one_that_follows_and_stays_without_one()
    {
        await InsertAsync("sessions", [(1, null, null), (2, null, "2026-07-01"), (3, null, null), (4, null, "2026-07-03")]);

        (await Of("sessions").DeleteSomeAsync(_tables.Connection, ByTime("sessions"), hasPart: false)).Should().Be((2, false));

        (await IdsAsync("sessions")).Should().Equal(3, 4);
    }

    [Fact]
    public async Task A_time_at_the_limit_is_not_old()
    {
        await InsertAsync("sessions", [(1, null, "2026-07-02 00:00:00.000000")]);

        (await Of("sessions").DeleteSomeAsync(_tables.Connection, ByTime("sessions"), hasPart: false)).Should().Be((0, false));
    }

    [Fact]
    public async Task Extras_go_with_their_rows_and_those_of_other_rows_stay()
    {
        await InsertAsync("sessions", Enumerable.Range(1, 3).Select(id => (id, (int?)null, (string?)null)));
        await _tables.RunAsync("INSERT INTO extras (tablename, row) VALUES ('sessions', 1), ('sessions', 3), ('handles', 1)");

        await Of("sessions").DeleteSomeAsync(_tables.Connection, UpTo(2, "sessions"), hasPart: false);

        (await _tables.NumbersAsync("SELECT row FROM extras ORDER BY tablename DESC, row")).Should().Equal(3, 1);
    }

    [Fact]
    public async Task Rows_added_below_are_found_after_beginning_again()
    {
        await InsertAsync("sessions", [(5, null, null)]);
        OldRows rows = Of("sessions");
        await rows.DeleteSomeAsync(_tables.Connection, UpTo(9, "sessions"), hasPart: false);
        await InsertAsync("sessions", [(3, null, null)]);

        (await rows.DeleteSomeAsync(_tables.Connection, UpTo(9, "sessions"), hasPart: false)).Should().Be((0, false));
        rows.BeginAgain();
        (await rows.DeleteSomeAsync(_tables.Connection, UpTo(9, "sessions"), hasPart: false)).Should().Be((1, false));
    }

    private static EventTable Table(string name) => EventTables.All.First(t => t.Name == name);

    private static OldRows Of(string table) => new(SqliteTables.Dialect, Table(table));

    private static Oldness UpTo(long number, string table) => new($"\"{table}\"", number, TimeColumn: null, Before: default);

    private static Oldness ByTime(string table) =>
        new($"\"{table}\"", long.MaxValue, Table(table).Columns.First(c => c.Name == "timestamp"), s_before);

    private Task<List<long>> IdsAsync(string table) => _tables.NumbersAsync($"SELECT id FROM {table} ORDER BY id");

    private async Task InsertAsync(string table, IEnumerable<(int Id, int? Part, string? Time)> rows)
    {
        var columns = table == "stats" ? "id, timestamp, part" : "id, timestamp";
        var values = rows.Select(r =>
            $"({r.Id}, {(r.Time is null ? "NULL" : $"'{r.Time}'")}{(table == "stats" ? $", {(r.Part is { } part ? $"{part}" : "NULL")}" : "")})");
        await _tables.RunAsync($"INSERT INTO {table} ({columns}) VALUES {string.Join(", ", values)}");
    }
}
