using System.Data.Common;
using System.Globalization;
using JanusEvents.MySql;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Connections;

/// <summary>How many rows a statement has, which columns, and how often one is prepared.</summary>
public sealed class PreparedInsertTests(MariaDbFixture fixture) : IAsyncLifetime
{
    private const int Columns = 12;

    private static readonly TableDefinition s_table = new(
        "things",
        [
            new TableColumn("id", ColumnKind.Integer),
            .. Enumerable.Range(1, Columns - 2).Select(i => new TableColumn($"c{i}", ColumnKind.Integer)),
            new TableColumn("given", ColumnKind.Integer) { HasDefault = true },
        ]);

    private MariaDbDatabase _database = null!;
    private DbDataSource _source = null!;
    private StoreConnection _connection = null!;
    private TableInsert _insert = null!;
    private long _id;

    public async ValueTask InitializeAsync()
    {
        _database = await fixture.CreateDatabaseAsync();
        _source = MySqlSources.Create(_database.ConnectionString);
        _connection = await StoreConnection.OpenAsync(_source, new MySqlDialect(), CancellationToken.None);
        await _connection.DefineAsync(
            $"CREATE TABLE things (id BIGINT PRIMARY KEY, {string.Join(", ", Enumerable.Range(1, Columns - 2).Select(i => $"c{i} BIGINT"))}, given BIGINT DEFAULT 7)");
        _insert = _connection.InsertInto(s_table);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(17, 16)]
    [InlineData(23, 16)]
    [InlineData(24, 24)]
    [InlineData(63, 56)]
    [InlineData(64, 64)]
    [InlineData(79, 64)]
    [InlineData(80, 80)]
    [InlineData(191, 176)]
    [InlineData(192, 192)]
    [InlineData(5000, 192)]
    public void A_statement_has_one_of_a_few_numbers_of_rows(int rows, int expected) =>
        _insert.NextCount(rows, _ => 0).Should().Be(expected);

    [FactNeeding(Capabilities.MariaDb)]
    public void A_statement_has_as_many_rows_as_its_bytes_allow_but_at_least_one()
    {
        long most = _connection.MaxStatementBytes;

        _insert.NextCount(10, _ => (most / 3) - _insert.BytesPerRow).Should().Be(3);
        _insert.NextCount(10, _ => (most / 3) - _insert.BytesPerRow + 1).Should().Be(2);
        _insert.NextCount(10, row => row == 0 ? 2 * most : 0).Should().Be(1);
        _insert.NextCount(10, row => row == 4 ? 2 * most : 0).Should().Be(4);
        _insert.NextCount(100, row => row == 30 ? 2 * most : 0).Should().Be(24, "thirty rows are no number that has a statement");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Every_number_of_rows_that_is_given_can_be_inserted_and_each_statement_is_prepared_once()
    {
        int[] counts = [.. Enumerable.Range(1, 192).Select(rows => _insert.NextCount(rows, _ => 0)).Distinct()];
        long before = await PreparedAsync();

        foreach (int count in counts.Concat(counts))
            (await InsertAsync(count, filled: Columns)).Should().Be(count);

        (await PreparedAsync() - before).Should().Be(counts.Length);
        (await _database.ValueAsync("SELECT COUNT(*) FROM things")).Should().Be($"{2 * counts.Sum()}");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Values_stand_in_their_columns_whichever_are_left_out()
    {
        await InsertAsync(32, filled: Columns);
        await InsertAsync(32, filled: 3);
        await InsertAsync(2, filled: 2);

        (await _database.QueryAsync("SELECT id, c1, c2, c3, c10, given FROM things WHERE id IN (1, 33, 65) ORDER BY id"))
            .Select(row => string.Join(' ', row.Select(v => v ?? "NULL")))
            .Should().Equal("1 1 2 3 10 11", "33 1 2 NULL NULL NULL", "65 1 NULL NULL NULL NULL");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Columns_are_left_out_where_that_saves_enough_and_in_three_sets_at_most()
    {
        // Four columns fewer in 32 rows; the column with a default is never left out.
        await InsertAsync(32, filled: Columns);
        (await PreparedForAsync(32, filled: Columns - 4)).Should().Be(0, "three columns fewer are not worth a statement");
        (await PreparedForAsync(24, filled: 4)).Should().Be(1, "few rows use the statement that has all columns");
        (await PreparedForAsync(32, filled: Columns - 5)).Should().Be(1, "four fewer are");
        (await PreparedForAsync(32, filled: Columns - 6)).Should().Be(0, "the set that has one more is used");
        (await PreparedForAsync(32, filled: 2)).Should().Be(1, "a third set");
        (await PreparedForAsync(32, filled: 1)).Should().Be(0, "which serves those with fewer columns, too");
        (await PreparedForAsync(24, filled: 2)).Should().Be(1, "for another number of rows");
        (await PreparedForAsync(32, filled: Columns)).Should().Be(0);
    }

    private async Task<long> PreparedForAsync(int rows, int filled)
    {
        long before = await PreparedAsync();
        await InsertAsync(rows, filled);
        return await PreparedAsync() - before;
    }

    /// <summary>Inserts rows with values in the first columns only.</summary>
    private Task<int> InsertAsync(int rows, int filled)
    {
        long first = _id + 1;
        _id += rows;
        return _insert.ExecuteAsync(rows, (row, column) => column == 0 ? first + row : column < filled ? (long)column : null);
    }

    /// <summary>How many statements the session has prepared.</summary>
    private async Task<long> PreparedAsync()
    {
        var values = await _connection.QueryAsync("SHOW SESSION STATUS LIKE 'Com_stmt_prepare'", row => row.GetString(1));
        return long.Parse(values[0], CultureInfo.InvariantCulture);
    }
}
