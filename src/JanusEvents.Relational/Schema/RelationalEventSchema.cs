using System.Data.Common;
using System.Globalization;
using System.Text;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>Creates and upgrades the tables of one database.</summary>
internal sealed class RelationalEventSchema(DbDataSource dataSource, SqlDialect dialect, RetentionOptions retention, TimeProvider time)
    : IEventSchema
{
    public string CreateScript()
    {
        StringBuilder script = new();
        Append(script, SchemaCreator.Tables.SelectMany(Create));
        Append(script, new FactViews(dialect).All.Select(v => dialect.CreateView(v.Name, v.Select)));
        Append(script, SchemaVersion.ViewStatements(dialect, FactViews.Version));
        Append(script, SchemaVersion.Statements(dialect));
        return script.ToString();
    }

    public Task<string> UpgradeScriptAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => WriteUpgradeScriptAsync(cancellationToken), cancellationToken);

    // SQLite does its work on the thread that calls.
    public Task<SchemaUpgradeResult> UpgradeAsync(IProgress<SchemaUpgradeProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(
            () => new SchemaUpgrader(dataSource, dialect, retention, time, p => progress?.Report(p), new Claim(SchemaUpgrader.ClaimName))
                .RunAsync(movesExtras: true, cancellationToken),
            cancellationToken);

    private IEnumerable<string> Create(TableDefinition table) => retention.PartitionByDay && table is EventTable
        ? [SchemaCreator.Partitioned(dialect, table, time.GetUtcNow().UtcDateTime)]
        : dialect.Create(table);

    private async Task<string> WriteUpgradeScriptAsync(CancellationToken cancellationToken)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            ILookup<string, ExistingColumn> existing =
                await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
            long? version = await SchemaVersion.LoadAsync(connection).ConfigureAwait(false);
            if (version > SchemaVersion.Current)
                return string.Create(CultureInfo.InvariantCulture, $"-- The database is of version {version}, which is newer than this program's, {SchemaVersion.Current}.\n");

            List<TableDefinition> missing = [.. SchemaCreator.Tables.Where(t => !existing.Contains(t.Name))];
            IReadOnlyList<TableChange> plan = await dialect.Schema
                .PlanAsync(connection, SchemaCreator.Tables).ConfigureAwait(false);
            List<string> views =
                [.. (await ViewCreator.DueAsync(connection, existing, []).ConfigureAwait(false)).SelectMany(c => c.Statements)];
            return Write(missing, plan, views, version);
        }
    }

    private string Write(List<TableDefinition> missing, IReadOnlyList<TableChange> plan, List<string> views, long? version)
    {
        StringBuilder script = new();
        foreach (string sentence in plan.SelectMany(c => c.LeftAlone))
            Comment(script, sentence);
        List<TableChange> changes = [.. plan.Where(c => c.Statements.Count > 0)];
        if (missing.Count == 0 && changes.Count == 0 && views.Count == 0 && version == SchemaVersion.Current)
        {
            Comment(script, string.Create(CultureInfo.InvariantCulture, $"Nothing to do: the tables are as version {SchemaVersion.Current} has them."));
            return script.ToString();
        }

        Append(script, dialect.Schema.SessionStatements);
        Append(script, missing.SelectMany(Create));
        foreach (TableChange change in changes)
        {
            Comment(script, string.Create(
                CultureInfo.InvariantCulture,
                $"{change.Table.Name}: about {change.Rows:N0} rows, {change.Bytes / 1e6:N1} MB, about {change.Estimate.TotalSeconds:N0} s."));
            Append(script, [.. One(dialect.Schema.Begin), .. change.Statements, .. One(dialect.Schema.Commit)]);
        }

        Append(script, views);
        Append(script, SchemaVersion.Statements(dialect));
        return script.ToString();
    }

    private static IEnumerable<string> One(string? statement) => statement is null ? [] : [statement];

    private static void Append(StringBuilder script, IEnumerable<string> statements)
    {
        foreach (string statement in statements)
            script.Append(statement).Append(";\n");
    }

    // A line break in it would end the comment.
    private static void Comment(StringBuilder script, string text) => script.Append("-- ").Append(text.ReplaceLineEndings(" ")).Append('\n');
}
