using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>Changes the tables of a plan one after the other, and reports each. A table that cannot be changed stays as it was.</summary>
/// <param name="connection">The connection that changes them.</param>
/// <param name="session">Its session.</param>
/// <param name="time">Measures how long each takes.</param>
/// <param name="report">Takes the progress.</param>
internal sealed class TableChanges(StoreConnection connection, UpgradeSession session, TimeProvider time, Action<SchemaUpgradeProgress> report)
{
    // How often a change that waited in vain for a lock is tried again.
    private const int MaxTries = 3;

    private readonly SqlDialect _dialect = connection.Dialect;

    /// <summary>The tables that were changed.</summary>
    public List<string> Changed { get; } = [];

    /// <summary>A sentence for each table that could not be changed.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Changes the tables.</summary>
    public async Task RunAsync(List<TableChange> changes, CancellationToken cancellationToken)
    {
        for (int i = 0; i < changes.Count; i++)
        {
            Report(
                $"{changes[i].Table.Name}: about {changes[i].Rows:N0} rows, {changes[i].Bytes / 1e6:N1} MB, about {changes[i].Estimate.TotalSeconds:N0} s.",
                changes,
                i,
                tableNumber: 0);
        }

        if (changes.Count > 0)
        {
            report(new SchemaUpgradeProgress(string.Create(
                CultureInfo.InvariantCulture,
                $"{changes.Count} tables are changed, one after the other; nobody can write into one meanwhile. All together about {changes.Sum(c => c.Estimate.TotalSeconds):N0} s.")));
        }

        for (int i = 0; i < changes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ChangeAsync(changes, i).ConfigureAwait(false);
        }
    }

    private async Task ChangeAsync(List<TableChange> changes, int i)
    {
        string name = changes[i].Table.Name;
        string place = string.Create(CultureInfo.InvariantCulture, $"{name} ({i + 1} of {changes.Count})");
        Report($"{place}: begins.", changes, i);
        long started = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (await ChangeOnceAsync(changes[i].Table, LookAsync).ConfigureAwait(false))
                    Changed.Add(name);
                Report(
                    string.Create(CultureInfo.InvariantCulture, $"{place}: done in {time.GetElapsedTime(started).TotalSeconds:0.0} s."),
                    changes,
                    i);
                return;
            }
            catch (DbException e)
            {
                // When the server does not answer any more, this throws.
                await RollBackAsync().ConfigureAwait(false);
                if (_dialect.Classify(e) == FailureKind.Repeat && attempt < MaxTries)
                {
                    Report($"{place}: somebody else uses the table ({e.Message}); trying again.", changes, i);
                    continue;
                }

                string failure = $"{name}: {e.Message.TrimEnd('.')}.";
                Failures.Add(failure);
                Report($"{place}: could not be changed and is as it was. {e.Message}", changes, i);
                return;
            }
        }

        async Task LookAsync() =>
            Report(
                $"{place}: at work for {time.GetElapsedTime(started).TotalSeconds:0} s{await session.StateAsync().ConfigureAwait(false)}.",
                changes,
                i);
    }

    /// <summary>Changes a table, if that is still to be done.</summary>
    private async Task<bool> ChangeOnceAsync(TableDefinition table, Func<Task> look)
    {
        SchemaDialect schema = _dialect.Schema;
        session.BeginTable();
        if (schema.Begin is { } begin)
            await AlterAsync(begin, look).ConfigureAwait(false);

        // Another upgrade may have done it meanwhile, where there is no lock but the table's.
        IReadOnlyList<TableChange> plan = await schema.PlanAsync(connection, [table]).ConfigureAwait(false);
        foreach (string statement in plan.SelectMany(c => c.Statements))
            await AlterAsync(statement, look).ConfigureAwait(false);
        if (schema.Commit is { } commit)
            await AlterAsync(commit, look).ConfigureAwait(false);
        return plan.Any(c => c.Statements.Count > 0);
    }

    private async Task RollBackAsync()
    {
        if (_dialect.Schema.RollBack is not { } rollBack)
        {
            // Asks whether the connection still works.
            await _dialect.Schema.SessionOfAsync(connection).ConfigureAwait(false);
            return;
        }

        try
        {
            await connection.ExecuteAsync(rollBack).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // There was no transaction to undo: it could not begin.
        }
    }

    // An ALTER of a server copies its table, which may take hours: there is no limit but that the server still works on it.
    private Task AlterAsync(string statement, Func<Task> look) =>
        _dialect.IsServer ? connection.AlterAsync(statement, look) : connection.DefineAsync(statement);

    private void Report(string message, List<TableChange> changes, int i, int? tableNumber = null) => report(new SchemaUpgradeProgress(message)
    {
        Table = changes[i].Table.Name,
        TableNumber = tableNumber ?? i + 1,
        Tables = changes.Count,
        Rows = changes[i].Rows,
        Estimate = changes[i].Estimate,
    });
}
