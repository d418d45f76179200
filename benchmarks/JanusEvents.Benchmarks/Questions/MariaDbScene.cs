using System.Data.Common;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest;
using JanusEvents.MySql;
using JanusEvents.Relational.Connections;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>A private MariaDB with its own defaults, but for a buffer pool of 1 GiB, which holds a part of the tables.</summary>
internal sealed class MariaDbScene : QuestionScene
{
    public const string DatabaseName = "mariadb";

    private readonly MariaDbDatabase _database;

    private MariaDbScene(MariaDbDatabase database)
    {
        _database = database;
        DataSource = MySqlSources.Create(database.ConnectionString + ";Default Command Timeout=7200");
    }

    public override string Name => DatabaseName;

    public override SqlDialect Dialect { get; } = new MySqlDialect();

    public override DbDataSource DataSource { get; }

    public override string BeforeFilling => "SET SESSION unique_checks = 0";

    public override string Explain => "EXPLAIN";

    public static async Task<MariaDbScene> StartAsync()
    {
        MariaDbServer server = await MariaDbServer.StartAsync("--innodb-buffer-pool-size=1G", "--innodb-log-file-size=1G");
        return new MariaDbScene(await server.CreateDatabaseAsync());
    }

    public override string Numbers(long first, long last) => string.Create(CultureInfo.InvariantCulture, $"(SELECT CAST(seq AS SIGNED) AS seq FROM seq_{first}_to_{last})");

    public override string Divide(string a, string b) => $"({a} DIV {b})";

    public override string Repeat(string text, int count) => string.Create(CultureInfo.InvariantCulture, $"REPEAT('{text}', {count})");

    public override string TimeAfter(DateTime start, string microseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"CAST('{start:yyyy-MM-dd HH:mm:ss.ffffff}' AS DATETIME(6)) + INTERVAL {microseconds} MICROSECOND");

    // table, type, key, rows, Extra
    public override string Plan(DbDataReader row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row["table"]}: {row["type"]}, key {(row["key"] is DBNull ? "none" : row["key"])}, {row["rows"]:N0} rows{(row["Extra"] is string { Length: > 0 } extra ? ", " + extra : "")}");

    public override double ProcessorSeconds() => ProcessUse.ProcessorSeconds(_database.Server.ProcessId);

    public override void AddStore(JanusEventsBuilder builder) => builder.AddMySql(_database.ConnectionString);

    public override async Task SettleAsync(DbConnection connection)
    {
        await _database.QueryAsync("SET GLOBAL innodb_max_dirty_pages_pct = 0, GLOBAL innodb_io_capacity_max = 4000, GLOBAL innodb_io_capacity = 4000");
        await Wait.UntilAsync(
            async () => long.Parse((await _database.QueryAsync("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'"))[0][1]!, CultureInfo.InvariantCulture) < 100,
            TimeSpan.FromMinutes(10),
            "the server to write its pages");
        await _database.QueryAsync("SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT, GLOBAL innodb_io_capacity = DEFAULT");
    }

    public override async Task<string> DescribeAsync() =>
        "MariaDB " + string.Join(", ", (await _database.QueryAsync("SELECT @@version, CONCAT('innodb_buffer_pool_size ', @@innodb_buffer_pool_size DIV 1048576, ' MiB')"))[0]);

    public override async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.Server.DisposeAsync();
    }
}
