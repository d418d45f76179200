using System.Data.Common;
using JanusEvents.MySql;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Connections;

/// <summary>Statements that are gathered and sent together.</summary>
public sealed class StatementScriptTests(MariaDbFixture fixture) : IAsyncLifetime
{
    private static readonly TableDefinition s_table = new(
        "things",
        [
            new TableColumn("id", ColumnKind.Integer),
            new TableColumn("name", ColumnKind.ShortText),
            new TableColumn("body", ColumnKind.LongText),
            new TableColumn("given", ColumnKind.Integer) { HasDefault = true },
        ]);

    private MariaDbDatabase _database = null!;
    private DbDataSource _source = null!;
    private StoreConnection _connection = null!;

    private StatementScript Script => _connection.Script!;

    public async ValueTask InitializeAsync()
    {
        _database = await fixture.CreateDatabaseAsync();
        _source = MySqlSources.Create(_database.ConnectionString);
        _connection = await StoreConnection.OpenAsync(_source, new MySqlDialect(), CancellationToken.None);
        await _connection.DefineAsync("CREATE TABLE things (id BIGINT PRIMARY KEY, name VARCHAR(255), body LONGTEXT, given BIGINT DEFAULT 7) DEFAULT CHARACTER SET utf8mb4");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Nothing_is_sent_before_the_flush_and_then_everything_in_order()
    {
        Script.Begin("START TRANSACTION");
        (await AddAsync([1, "a", null, 1L], [2, "b", null, 1L])).Should().BeTrue();
        Script.Add("UPDATE things SET name = CONCAT(name, '!')");
        (await AddAsync([3, "c", null, 1L])).Should().BeTrue();
        Script.Add("COMMIT");
        (await RowsAsync()).Should().BeEmpty();

        await Script.FlushAsync(CancellationToken.None);

        (await RowsAsync()).Should().Equal("1 a! NULL 1", "2 b! NULL 1", "3 c NULL 1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_flush_without_statements_sends_nothing()
    {
        await Script.FlushAsync(CancellationToken.None);
        await AddAsync([1, "a", null, 1L]);
        await Script.FlushAsync(CancellationToken.None);
        await Script.FlushAsync(CancellationToken.None);

        (await RowsAsync()).Should().Equal("1 a NULL 1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Beginning_drops_what_was_added_before()
    {
        await AddAsync([1, "a", null, 1L]);

        Script.Begin("START TRANSACTION");
        await AddAsync([2, "b", null, 1L]);
        Script.Add("COMMIT");
        await Script.FlushAsync(CancellationToken.None);

        (await RowsAsync()).Should().Equal("2 b NULL 1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Parameters_are_used_again_by_scripts_with_fewer_and_other_values()
    {
        await AddAsync([1, "a", "x", 1L], [2, "b", "y", 2L]);
        await Script.FlushAsync(CancellationToken.None);
        await AddAsync([3, null, "z", 3L]);
        await Script.FlushAsync(CancellationToken.None);
        await AddAsync([4, "d", null, 4L], [5, "e", "x", 5L], [6, null, null, 6L]);
        await Script.FlushAsync(CancellationToken.None);

        (await RowsAsync()).Should().Equal("1 a x 1", "2 b y 2", "3 NULL z 3", "4 d NULL 4", "5 e x 5", "6 NULL NULL 6");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Values_stay_values_whatever_is_in_them()
    {
        const string Name = "\\'\"; DELETE FROM things; -- ? @p0 \0 \u2028 \ud83d\ude00";
        await AddAsync([1, Name, "?", 1L]);
        await AddAsync([2, "'", Name, 1L]);

        await Script.FlushAsync(CancellationToken.None);

        List<(string, string)> read = await _connection.QueryAsync("SELECT name, body FROM things ORDER BY id", row => (row.GetString(0), row.GetString(1)));
        read.Should().Equal((Name, "?"), ("'", Name));
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Columns_without_a_value_are_left_out_unless_the_database_would_put_something_there()
    {
        await AddAsync([1, null, null, null]);

        await Script.FlushAsync(CancellationToken.None);

        (await RowsAsync()).Should().Equal("1 NULL NULL NULL");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public async Task An_insert_with_too_many_values_goes_by_itself_after_all_before_it(int rows, bool isPart)
    {
        await AddAsync([1, "a", null, 1L]);

        (await AddAsync([.. Enumerable.Range(0, rows).Select(i => (object?[])[10 + i, "b", null, null])])).Should().Be(isPart);

        (await RowsAsync()).Should().Equal(isPart ? [] : ["1 a NULL 1"]);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task An_insert_with_too_many_bytes_goes_by_itself_after_all_before_it()
    {
        await AddAsync([1, "a", null, 1L]);

        (await AddAsync(256 * 1024, [2, "b", null, 1L])).Should().BeTrue();
        (await AddAsync((256 * 1024) + 1, [3, "c", null, 1L])).Should().BeFalse();

        (await RowsAsync()).Should().Equal("1 a NULL 1", "2 b NULL 1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_script_holds_a_quarter_of_what_a_statement_may_have_and_begins_anew_after_a_flush()
    {
        long part = 200 * 1024;
        int fitting = (int)(_connection.MaxStatementBytes / 4 / part);
        for (int i = 0; i < fitting; i++)
            (await AddAsync(part, [i, "a", null, 1L])).Should().BeTrue();

        (await AddAsync(part, [fitting, "a", null, 1L])).Should().BeFalse();

        (await RowsAsync()).Should().HaveCount(fitting);
        (await AddAsync(part, [fitting, "a", null, 1L])).Should().BeTrue();
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_write_that_was_given_up_sends_nothing()
    {
        await AddAsync([1, "a", null, 1L]);

        (await Script.FlushAsync(new CancellationToken(canceled: true)).FailureAsync()).Should().BeOfType<OperationCanceledException>();

        (await RowsAsync()).Should().BeEmpty();
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_statement_that_fails_ends_the_script_and_those_before_it_remain_in_the_transaction()
    {
        Script.Begin("START TRANSACTION");
        await AddAsync([1, "a", null, 1L]);
        await AddAsync([1, "again", null, 1L]);
        await AddAsync([2, "b", null, 1L]);

        (await Script.FlushAsync(CancellationToken.None).FailureAsync()).Should().BeAssignableTo<DbException>();

        (await _connection.NumberAsync("SELECT COUNT(*) FROM things")).Should().Be(1);
        await _connection.RollBackAsync();
        (await RowsAsync()).Should().BeEmpty();
        await AddAsync([3, "c", null, 1L]);
        await Script.FlushAsync(CancellationToken.None);
        (await RowsAsync()).Should().Equal("3 c NULL 1");
    }

    private Task<bool> AddAsync(params object?[][] rows) => AddAsync(bytes: 10, rows);

    private Task<bool> AddAsync(long bytes, params object?[][] rows) =>
        Script.TryAddAsync(_connection.InsertInto(s_table), rows.Length, bytes, (row, column) => rows[row][column], CancellationToken.None);

    private async Task<IEnumerable<string>> RowsAsync() =>
        (await _database.QueryAsync("SELECT * FROM things ORDER BY id")).Select(row => string.Join(' ', row.Select(v => v ?? "NULL")));
}
