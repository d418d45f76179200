using System.Data.Common;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>
/// Creates the views that are missing, and replaces those of an older version. One host does it for all: two that create the same
/// view on two nodes of a cluster block each other for good. Nothing that is stored depends on a view, so that an account without
/// the right to create views is no failure, and what another program has by the name of a view stays.
/// </summary>
/// <param name="dialect">The kind of database.</param>
/// <param name="time">When to look again.</param>
/// <param name="notCreated">Called once with a sentence for what is not created, and why.</param>
internal sealed class ViewCreator(SqlDialect dialect, TimeProvider time, Action<string> notCreated)
{
    private readonly Claim _claim = new("views");
    private readonly HashSet<string> _told = [];
    private readonly List<string> _taken = [];
    private long _looked;

    /// <summary>
    /// Whether it is time to look again: another host was about to create them, or somebody removed one.
    /// </summary>
    public bool AreDue => time.GetElapsedTime(_looked) > TimeSpan.FromSeconds(Claim.Seconds);

    /// <summary>Creates views that somebody removed, or that another host was about to create.</summary>
    public async Task CreateRemovedAsync(StoreConnection connection)
    {
        _looked = time.GetTimestamp();
        HashSet<string> there = new(
            (await connection.QueryAsync(dialect.ListViews, row => row.GetString(0)).ConfigureAwait(false)).Select(dialect.OwnName).OfType<string>(),
            StringComparer.OrdinalIgnoreCase);
        if (new FactViews(dialect).All.Any(view => !there.Contains(view.Name) && !_taken.Contains(view.Name)))
            await CreateMissingAsync(connection).ConfigureAwait(false);
    }

    /// <summary>Creates and replaces what is due, or leaves it to the host that does.</summary>
    public async Task CreateMissingAsync(StoreConnection connection)
    {
        _looked = time.GetTimestamp();
        _taken.Clear();
        ILookup<string, ExistingColumn> existing = await SchemaReader.LoadAsync(connection, CancellationToken.None).ConfigureAwait(false);
        if (!existing.Contains(FactTable.Definition.Name))
            return;

        int due = (await DueAsync(connection, existing, _taken).ConfigureAwait(false)).Count;
        if (_taken.Count > 0)
            Report($"There is something else by the name of {string.Join(", ", _taken.Select(name => dialect.TablePrefix + name))}, so that these views of JanusEvents are missing. Set TablePrefix to have them.");
        if (due == 0 || !await _claim.TryTakeAsync(connection).ConfigureAwait(false))
            return;

        try
        {
            // Another host may have been quicker.
            existing = await SchemaReader.LoadAsync(connection, CancellationToken.None).ConfigureAwait(false);
            foreach (ViewChange change in await DueAsync(connection, existing, []).ConfigureAwait(false))
                await RunAsync(connection, change).ConfigureAwait(false);
        }
        catch (DbException e) when (dialect.Classify(e) != FailureKind.Repeat)
        {
            Report($"The views over the table facts cannot be created: {e.Message} {dialect.Explain(e).Remedy}".TrimEnd());
        }

        await _claim.ReleaseAsync(connection).ConfigureAwait(false);
    }

    private void Report(string sentence)
    {
        if (_told.Add(sentence))
            notCreated(sentence);
    }

    /// <summary>The changes due to the views of a database.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="existing">The tables and columns that it has.</param>
    /// <param name="taken">Gets the names of views that are something else there.</param>
    public static async Task<List<ViewChange>> DueAsync(
        StoreConnection connection,
        ILookup<string, ExistingColumn> existing,
        List<string> taken)
    {
        SqlDialect dialect = connection.Dialect;
        bool areOld = !(await SchemaVersion.LoadViewsAsync(connection).ConfigureAwait(false) >= FactViews.Version);
        List<ViewChange> due = [];
        foreach (FactView view in new FactViews(dialect).All)
        {
            if (!existing.Contains(view.Name))
                due.Add(new ViewChange([dialect.CreateView(view.Name, view.Select)]));
            else if (!await IsOursAsync(connection, view, [.. existing[view.Name].Select(c => c.Name)]).ConfigureAwait(false))
                taken.Add(view.Name);
            else if (areOld)
                due.Add(new ViewChange([.. dialect.ReplaceView(view.Name, view.Select)]));
        }

        // Views that are another program's stay as they are, and those of a newer version of this one.
        if (areOld)
            due.Add(new ViewChange([.. SchemaVersion.ViewStatements(dialect, FactViews.Version)]));
        return due;
    }

    /// <summary>Whether what has the name of a view is that view, in whatever version.</summary>
    private static async Task<bool> IsOursAsync(StoreConnection connection, FactView view, List<string> columns)
    {
        try
        {
            if (connection.Dialect.ListViewColumns(view.Name) is { } list)
                columns = await connection.QueryAsync(list, row => row.GetString(0)).ConfigureAwait(false);
            return columns.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(view.Columns);
        }
        catch (DbException) when (!connection.IsBroken)
        {
            // SQLite gives no columns of a view that is broken.
            return false;
        }
    }

    /// <summary>Each view as a whole or not at all; what a server does with it is no transaction's.</summary>
    private static async Task RunAsync(StoreConnection connection, ViewChange change)
    {
        if (connection.Dialect.IsServer)
        {
            foreach (string statement in change.Statements)
                await connection.DefineAsync(statement).ConfigureAwait(false);
            return;
        }

        StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            foreach (string statement in change.Statements)
                await connection.DefineAsync(statement).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Statements that create or replace a view, or that record that it was done.</summary>
    internal sealed record ViewChange(IReadOnlyList<string> Statements);
}
