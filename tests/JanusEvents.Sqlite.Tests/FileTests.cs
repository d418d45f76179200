using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Sqlite.Tests;

/// <summary>What happens to the file while a host writes it.</summary>
public sealed class FileTests : IDisposable
{
    private static readonly SqliteDialect s_dialect = new();
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["janusevents.db"];

    public void Dispose() => _folder.Dispose();

    [FactNeeding(Capabilities.Sqlite)]
    public async Task The_session_writes_a_log_ahead_and_flushes_every_commit()
    {
        await using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();

        await s_dialect.PrepareSessionAsync(connection, isReader: false);

        (await ScalarAsync(connection, "PRAGMA journal_mode")).Should().Be("wal");
        (await ScalarAsync(connection, "PRAGMA synchronous")).Should().Be(2L);
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task A_database_that_cannot_have_a_log_ahead_is_refused()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();

        var preparing = async () => await s_dialect.PrepareSessionAsync(connection, isReader: false);

        await preparing.Should().ThrowAsync<InvalidOperationException>().WithMessage("*journal_mode*");
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task A_reader_sees_whole_batches_while_they_are_written()
    {
        await using var host = await StartAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(0)));
        using CancellationTokenSource enough = new();
        var reading = Task.Run(async () =>
        {
            List<long> counts = [];
            while (!enough.IsCancellationRequested)
                counts.Add(long.Parse((await ReadAsync("SELECT count(*) FROM sessions"))[0], System.Globalization.CultureInfo.InvariantCulture));
            return counts;
        });

        for (var batch = 0; batch < 50; batch++)
            await host.WriteAsync(Bodies.Of([.. Enumerable.Range(0, 100).Select(i => Bodies.Session((batch * 100) + i))]));
        await enough.CancelAsync();

        (await reading).Should().NotBeEmpty().And.BeInAscendingOrder().And.OnlyContain(count => count % 100 == 1);
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task A_file_that_another_process_keeps_locked_holds_a_write_for_seconds_and_is_written_afterwards()
    {
        await using var host = await StartAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        await other.OpenAsync();
        var holding = other.BeginTransaction(System.Data.IsolationLevel.Serializable);
        var body = Bodies.Of(Bodies.Session(2));

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var failure = await Task.Run(() => host.WriteAsync(body).AsTask().FailureAsync()).WaitAsync(Wait.Limit);
        var held = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        await holding.RollbackAsync();
        await host.WriteAsync(body);

        failure.Should().BeOfType<SqliteException>();
        s_dialect.Classify(failure!).Should().Be(FailureKind.Repeat);
        held.Should().BeGreaterThan(TimeSpan.FromSeconds(2));
        host.Log.From(LogLevel.Debug).Should().Contain(line => line.Contains("is repeated", StringComparison.Ordinal));
        (await ReadAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2");
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task A_file_that_may_only_be_read_rejects_nothing()
    {
        await using (var host = await StartAsync())
            await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        // The rights of the file do not hold for root: the database itself is told.
        await using var readOnly = new SqliteConnection($"Data Source={Path};Mode=ReadOnly;Pooling=False");
        await readOnly.OpenAsync();

        var failure = await FailureOfAsync(readOnly, "INSERT INTO sessions (session) VALUES (2)");

        (failure.SqliteErrorCode, s_dialect.Classify(failure)).Should().Be((8, FailureKind.Store));
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task A_full_database_rejects_nothing()
    {
        await using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();
        await RunAsync(connection, "CREATE TABLE t (a); PRAGMA max_page_count = 3");

        var failure = await FailureOfAsync(connection, "INSERT INTO t VALUES (zeroblob(1000000))");

        (failure.SqliteErrorCode, s_dialect.Classify(failure)).Should().Be((13, FailureKind.Store));
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task What_is_no_database_rejects_nothing_and_is_left_as_it_is()
    {
        await File.WriteAllTextAsync(Path, "This is no database. " + new string('x', 5000));
        await using var host = await StartAsync();

        var failure = await host.WriteAsync(Bodies.Of(Bodies.Session(1))).AsTask().FailureAsync();

        (failure.Should().BeOfType<SqliteException>().Which.SqliteErrorCode, s_dialect.Classify(failure!)).Should().Be((26, FailureKind.Store));
        (await File.ReadAllTextAsync(Path)).Should().StartWith("This is no database.");
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task An_event_that_a_constraint_of_the_users_refuses_is_kept_in_rejected_and_its_neighbours_are_stored()
    {
        await ReadAsync("CREATE TABLE sessions (id INTEGER PRIMARY KEY, session INTEGER, event TEXT CHECK (length(event) < 20), timestamp TEXT)");
        await using var host = await StartAsync();
        var refused = Bodies.Session(3, new string('n', 20));

        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Session(2), refused, Bodies.Session(4), Bodies.Session(5), Bodies.Session(6)));

        (await ReadAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2", "4", "5", "6");
        (await ReadAsync("SELECT cast(bytes AS TEXT) FROM rejected")).Should().Equal(refused);
        (await ReadAsync("SELECT reason FROM rejected")).Should().ContainSingle().Which.Should().StartWith("Table sessions: ");
    }

    [FactNeeding(Capabilities.Sqlite)]
    public async Task Two_processes_write_one_file()
    {
        await using var host = await StartAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(0)));

        var other = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await ReadAsync("INSERT INTO sessions (session) VALUES (-1)");
        });
        for (var i = 1; i <= 200; i++)
            await host.WriteAsync(Bodies.Of(Bodies.Session(i)));
        await other;

        (await ReadAsync("SELECT session FROM sessions WHERE session >= 0 ORDER BY id")).Should().Equal(Enumerable.Range(0, 201).Select(i => $"{i}"));
        (await ReadAsync("SELECT count(*) FROM sessions WHERE session = -1")).Should().Equal("20");
    }

    private Task<StoreHost> StartAsync() => StoreHost.StartAsync(builder => builder.AddSqlite($"Data Source={Path}"));

    private Task<IReadOnlyList<string>> ReadAsync(string sql) =>
        ChildProcess.RunAsync(["sqlite3", "-cmd", ".timeout 10000", Path, sql], Wait.Limit);

    private static async Task<object?> ScalarAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private static Task<object?> RunAsync(DbConnection connection, string sql) => ScalarAsync(connection, sql);

    private static async Task<SqliteException> FailureOfAsync(DbConnection connection, string sql) =>
        (SqliteException)(await RunAsync(connection, sql).FailureAsync() ?? throw new InvalidOperationException($"The database took: {sql}"));

    [Theory]
    [InlineData(1, "SQLite Error 1: 'no such table: external'.", "MissingTable")]
    [InlineData(17, "SQLite Error 17: 'no such table: external'.", "MissingTable")]
    [InlineData(1, "SQLite Error 1: 'no such column: x'.", "Statement")]
    [InlineData(17, "SQLite Error 17: 'database schema has changed'.", "Store")]
    public void A_table_that_is_missing_is_told_by_the_message(int error, string message, string kind) =>
        $"{s_dialect.Classify(new SqliteException(message, error))}".Should().Be(kind);
}
