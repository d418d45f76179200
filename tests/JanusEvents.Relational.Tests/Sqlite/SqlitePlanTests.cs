using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Sqlite;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Relational.Tests.Sqlite;

public sealed class SqlitePlanTests() : PlanTests(TestStores.Sqlite)
{
    private static readonly string[] s_tables = ["stats_", "facts_", "peerconnections_", "troubles_"];

    private protected override SqlDialect Dialect { get; } = new SqliteDialect();

    protected override DbDataSource CreateSource() =>
        SqliteFactory.Instance.CreateDataSource($"Data Source={((SqliteStore)Store).Path};Pooling=False");

    protected override async Task<string> PlanAsync(DbCommand command)
    {
        // id, parent, notused, detail: what subqueries do has a parent.
        var lines = (await ExplainAsync(command, "EXPLAIN QUERY PLAN")).Where(row => row[1] is 0L).Select(row => $"{row[^1]}").ToList();
        var table = lines.First(line => line.StartsWith("SEARCH ", StringComparison.Ordinal) || line.StartsWith("SCAN ", StringComparison.Ordinal));
        var index = table.Split(' ').Select(NameOf).FirstOrDefault(name => name is not null)
            ?? (table.Contains("INTEGER PRIMARY KEY", StringComparison.Ordinal) ? "id" : "none");
        return index + (lines.Any(line => line.Contains("TEMP B-TREE", StringComparison.Ordinal)) ? " sorted" : "");
    }

    // An index of a SQLite file has the name of its table before its own.
    private static string? NameOf(string word) =>
        s_tables.FirstOrDefault(table => word.StartsWith(table, StringComparison.Ordinal)) is { } table ? word[table.Length..] : null;
}
