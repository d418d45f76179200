using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Stores;

namespace JanusEvents.Relational.Tests.Reading;

/// <summary>Pages of several tables in one order.</summary>
public sealed class EventMergeTests : IAsyncLifetime
{
    private static readonly ReadingRange s_forwards = ReadingRange.All;
    private static readonly ReadingRange s_backwards = new() { IsBackwards = true };

    private readonly List<string> _opened = [];
    private SqliteTables _tables = null!;

    public async ValueTask InitializeAsync() => _tables = await SqliteTables.CreateAsync();

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    [Fact]
    public async Task Tables_are_merged_by_their_numbers_either_way()
    {
        await InsertAsync("sessions", 1, 4, 9);
        await InsertAsync("handles", 2, 3);
        await InsertAsync("dtls", 5);

        string[] order = ["sessions 1", "handles 2", "handles 3", "sessions 4", "dtls 5", "sessions 9"];
        (await ReadAsync(s_forwards, At(0, "sessions"), At(0, "handles"), At(0, "dtls"))).Should().Equal(order);
        (await ReadAsync(s_backwards, At(99, "sessions"), At(99, "handles"), At(99, "dtls"))).Should().Equal(order.Reverse());
    }

    [Fact]
    public async Task Where_two_tables_have_the_same_number_both_rows_come_in_the_order_of_the_tables()
    {
        await InsertAsync("sessions", 1);
        await InsertAsync("handles", 1);

        (await ReadAsync(s_forwards, At(0, "handles"), At(0, "sessions"))).Should().Equal("sessions 1", "handles 1");
        (await ReadAsync(s_backwards, At(9, "handles"), At(9, "sessions"))).Should().Equal("handles 1", "sessions 1");
    }

    [Fact]
    public async Task More_rows_than_a_page_has_are_read_page_by_page()
    {
        await InsertAsync("sessions", 1, 3, 5, 7, 9);
        await InsertAsync("handles", 2, 8);

        (await ReadAsync(s_forwards, 2, At(0, "sessions"), At(0, "handles")))
            .Should().Equal("sessions 1", "handles 2", "sessions 3", "sessions 5", "sessions 7", "handles 8", "sessions 9");
    }

    [Fact]
    public async Task Without_rows_or_sources_there_is_nothing()
    {
        (await ReadAsync(s_forwards)).Should().BeEmpty();
        (await ReadAsync(s_backwards, At(0, "sessions"), At(0, "handles"))).Should().BeEmpty();
    }

    [Fact]
    public async Task A_source_is_opened_when_its_first_number_is_due()
    {
        await InsertAsync("sessions", 1, 2, 10, 11);
        await InsertAsync("handles", 10, 12);
        await using var merge = Merge(s_forwards, TablePages.DefaultSize, At(10, "handles"), At(1, "sessions"));

        (await NextAsync(merge)).Should().Be("sessions 1");
        (await NextAsync(merge)).Should().Be("sessions 2");
        _opened.Should().Equal("sessions");
        (await NextAsync(merge)).Should().Be("sessions 10");
        _opened.Should().Equal("sessions", "handles");
        (await NextAsync(merge)).Should().Be("handles 10");
    }

    [Fact]
    public async Task Backwards_too_a_source_is_opened_when_its_first_number_is_due()
    {
        await InsertAsync("sessions", 20, 11);
        await InsertAsync("handles", 10);
        await using var merge = Merge(s_backwards, TablePages.DefaultSize, At(10, "handles"), At(20, "sessions"));

        (await NextAsync(merge)).Should().Be("sessions 20");
        (await NextAsync(merge)).Should().Be("sessions 11");
        _opened.Should().Equal("sessions");
        (await NextAsync(merge)).Should().Be("handles 10");
        (await NextAsync(merge)).Should().BeNull();
    }

    [Fact]
    public async Task A_source_whose_turn_never_came_is_opened_when_the_others_have_ended()
    {
        await InsertAsync("sessions", 1);
        await InsertAsync("handles", 100);

        (await ReadAsync(s_forwards, At(1, "sessions"), At(50, "handles"))).Should().Equal("sessions 1", "handles 100");
    }

    [Fact]
    public async Task A_row_that_two_sources_have_comes_once_and_names_the_room_if_either_says_so()
    {
        await InsertAsync("plugins", 1, 2, 3);
        await _tables.RunAsync("INSERT INTO facts (arrival, tablename, part, room) VALUES (2, 'plugins', 0, '1234'), (3, 'plugins', 0, '5678')");

        foreach (var range in new[] { s_forwards, s_backwards })
        {
            var rooms = await ReadAllAsync(Merge(range, TablePages.DefaultSize, At(2, "plugins"), At(2, "plugins", room: "1234")));

            rooms.OrderBy(r => r.Number).Select(r => (r.Number, r.NamesRoom)).Should().Equal((1, false), (2, true), (3, false));
        }
    }

    [Fact]
    public async Task Parts_of_an_event_come_together_at_the_place_of_the_first()
    {
        await _tables.RunAsync("INSERT INTO stats (id, part) VALUES (2, 0), (3, 1), (4, 2), (6, NULL)");
        await InsertAsync("sessions", 1, 5);

        foreach (var range in new[] { s_forwards, s_backwards })
        {
            var rows = await ReadAllAsync(Merge(range, 2, At(0, "stats"), At(0, "sessions")));

            rows.OrderBy(r => r.Number).Select(r => string.Join(' ', r.Rows.Select(row => row[0]))).Should().Equal("1", "2 3 4", "5", "6");
        }
    }

    private static (long First, string Table, string? Room) At(long first, string table, string? room = null) => (first, table, room);

    private Task<List<string>> ReadAsync(ReadingRange range, params (long, string, string?)[] sources) =>
        ReadAsync(range, TablePages.DefaultSize, sources);

    private async Task<List<string>> ReadAsync(ReadingRange range, int size, params (long, string, string?)[] sources) =>
        [.. (await ReadAllAsync(Merge(range, size, sources))).Select(Text)];

    private static async Task<List<StoredRows>> ReadAllAsync(EventMerge merge)
    {
        List<StoredRows> all = [];
        await using (merge)
        {
            while (await merge.NextAsync(CancellationToken.None) is { } rows)
                all.Add(rows);
        }

        return all;
    }

    private static async Task<string?> NextAsync(EventMerge merge) =>
        await merge.NextAsync(CancellationToken.None) is { } rows ? Text(rows) : null;

    private static string Text(StoredRows rows) => $"{rows.Table.Name} {rows.Number}";

    private EventMerge Merge(ReadingRange range, int size, params (long First, string Table, string? Room)[] sources) => new(
        _tables.Connection,
        range,
        sources.Select(s => (s.First, (Func<IEnumerable<TablePages>>)(() =>
        {
            _opened.Add(s.Table);
            var layout = TableLayout.Complete(EventTables.All.First(t => t.Name == s.Table));
            return [new TablePages(_tables.Connection, layout, hasExtras: false, new TableFilter(new EventQuery()), range) { Size = size, Room = s.Room }];
        }))));

    private Task InsertAsync(string table, params int[] ids) =>
        _tables.RunAsync($"INSERT INTO {table} (id) VALUES {string.Join(", ", ids.Select(id => $"({id})"))}");
}
