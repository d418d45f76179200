using System.Data.Common;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Facts;

/// <summary>
/// Creates the views that are missing. One host does it for all: two that create the same view on two nodes of a cluster block
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

    /// <summary>Creates the views that are missing, or leaves them to the host that does.</summary>
    public async Task CreateMissingAsync(StoreConnection connection)
    {
        _leftToAnother = null;
        if ((await MissingAsync(connection).ConfigureAwait(false)).Count == 0)
            return;

        if (!await _claim.TryTakeAsync(connection).ConfigureAwait(false))
        {
            _leftToAnother = time.GetTimestamp();
            return;
        }

        try
        {
            // Another host may have been quicker.
            foreach ((string name, string select) in await MissingAsync(connection).ConfigureAwait(false))
                await connection.DefineAsync(dialect.CreateView(name, select)).ConfigureAwait(false);
        }
        catch (DbException e) when (dialect.Classify(e) != FailureKind.Repeat)
        {
            notCreated(e);
        }

        await _claim.ReleaseAsync(connection).ConfigureAwait(false);
    }

    private async Task<List<(string Name, string Select)>> MissingAsync(StoreConnection connection)
    {
        ILookup<string, ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, CancellationToken.None).ConfigureAwait(false);
        return [.. new FactViews(dialect).All.Where(v => !existing.Contains(v.Name))];
    }
}
