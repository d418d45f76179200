using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Sqlite;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>A SQLite file in a temporary folder.</summary>
internal sealed class SqliteScene : QuestionScene
{
    public const string DatabaseName = "sqlite";

    private readonly TemporaryFolder _folder = new();
    private readonly string _connectionString;

    public SqliteScene()
    {
        _connectionString = $"Data Source={_folder["events.db"]};Pooling=False";
        DataSource = SqliteFactory.Instance.CreateDataSource(_connectionString + ";Default Timeout=7200");
    }

    public override string Name => DatabaseName;

    public override SqlDialect Dialect { get; } = new SqliteDialect();

    public override DbDataSource DataSource { get; }

    public override string BeforeFilling => "PRAGMA synchronous = OFF";

    public override string Explain => "EXPLAIN QUERY PLAN";

    public override string Numbers(long first, long last) => string.Create(
        CultureInfo.InvariantCulture,
        $"(WITH RECURSIVE n(seq) AS (VALUES({first}) UNION ALL SELECT seq + 1 FROM n WHERE seq < {last}) SELECT seq FROM n)");

    public override string Divide(string a, string b) => $"({a} / {b})";

    public override string Repeat(string text, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"replace(hex(zeroblob({count})), '00', '{text}')");

    public override string TimeAfter(DateTime start, string microseconds)
    {
        long after = (start - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        string time = string.Create(CultureInfo.InvariantCulture, $"({after} + {microseconds})");
        return $"strftime('%Y-%m-%d %H:%M:%S', {time} / 1000000, 'unixepoch') || printf('.%06d', {time} % 1000000)";
    }

    public override string Plan(DbDataReader row) => row.GetString(3);

    public override double ProcessorSeconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    public override void AddStore(JanusEventsBuilder builder) => builder.AddSqlite(_connectionString);

    public override async Task SettleAsync(DbConnection connection)
    {
        await using DbCommand checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = FULL";
        await checkpoint.ExecuteNonQueryAsync();
    }

    public override async Task<string> DescribeAsync()
    {
        await using DbConnection connection = await DataSource.OpenConnectionAsync();
        return $"SQLite {connection.ServerVersion}, a file in the page cache of the system as far as it fits";
    }

    public override async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        _folder.Dispose();
    }
}
