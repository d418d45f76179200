using System.Data.Common;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Facts;

/// <summary>
/// Creates the views that are missing, and replaces those of an older version. One host does it for all: two that create the same view on two nodes of a cluster block
/// each other for good. Nothing that is stored depends on a view, so that an account without the right to create views is no
/// failure.
/// </summary>
/// <param name="dialect">The kind of database.</param>
/// <param name="time">When to look again for what another host was about to create.</param>
/// <param name="notCreated">Called with the reason when they cannot be created.</param>
internal sealed class ViewCreator(SqlDialect dialect, TimeProvider time, Action<DbException> notCreated)
{
    private readonly Claim _claim = new("views");
    private long? _leftToAnother;

    /// <summary>Whether another host was about to create them, long enough ago to look again.</summary>
    public bool AreDue => _leftToAnother is { } since && time.GetElapsedTime(since) > TimeSpan.FromSeconds(Claim.Seconds);

    /// <summary>Creates and replaces what is due, or leaves it to the host that does.</summary>
    public async Task CreateMissingAsync(StoreConnection connection)
    {
        _leftToAnother = null;
        if ((await DueAsync(connection).ConfigureAwait(false)).Count == 0)
            return;

        if (!await _claim.TryTakeAsync(connection).ConfigureAwait(false))
        {
            _leftToAnother = time.GetTimestamp();
            return;
        }

        try
        {
            // Another host may have been quicker.
            foreach (ViewChange change in await DueAsync(connection).ConfigureAwait(false))
                await RunAsync(connection, change).ConfigureAwait(false);
        }
        catch (DbException e) when (dialect.Classify(e) != FailureKind.Repeat)
        {
            notCreated(e);
        }

        await _claim.ReleaseAsync(connection).ConfigureAwait(false);
    }

    /// <summary>What is to be done about the views of a database.</summary>
    public static async Task<List<ViewChange>> DueAsync(StoreConnection connection, CancellationToken cancellationToken = default)
    {
        SqlDialect dialect = connection.Dialect;
        ILookup<string, ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        bool areOld = !(await SchemaVersion.LoadViewsAsync(connection).ConfigureAwait(false) >= FactViews.Version);
        List<ViewChange> due = [];
        foreach (FactView view in new FactViews(dialect).All)
        {
            if (!existing.Contains(view.Name))
                due.Add(new ViewChange([dialect.CreateView(view.Name, view.Select)]));
            else if (areOld && await IsOursAsync(connection, view).ConfigureAwait(false))
                due.Add(new ViewChange([.. dialect.ReplaceView(view.Name, view.Select)]));
        }

        // Views that are another program's stay as they are, and those of a newer version of this one.
        if (areOld)
            due.Add(new ViewChange([.. SchemaVersion.ViewStatements(dialect)]));
        return due;
    }

    /// <summary>Whether what has the name of a view is that view, in whatever version.</summary>
    private static async Task<bool> IsOursAsync(StoreConnection connection, FactView view)
    {
        try
        {
            List<string> columns = await connection
                .QueryAsync(connection.Dialect.ListViewColumns(view.Name), row => row.GetString(0)).ConfigureAwait(false);
            return columns.SequenceEqual(view.Columns, StringComparer.OrdinalIgnoreCase);
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
