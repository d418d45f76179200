using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>One upgrade of a database's tables, over a connection of its own.</summary>
internal sealed class SchemaUpgrader(
    DbDataSource dataSource,
    SqlDialect dialect,
    RetentionOptions retention,
    TimeProvider time,
    Action<SchemaUpgradeProgress> report,
    Claim claim)
{
    /// <summary>The work that one host does for all.</summary>
    public const string ClaimName = "upgrade";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly UpgradeSession _session = new(dataSource, dialect, claim);
    private readonly List<string> _leftAlone = [];
    private IReadOnlyList<string> _created = [];
    private IReadOnlyList<string> _changed = [];
    private IReadOnlyList<string> _failures = [];

    /// <summary>Upgrades.</summary>
    /// <param name="movesExtras">Whether what lies in <c>extras</c> is moved as well, which hosts can still write meanwhile.</param>
    /// <param name="cancellationToken">Ends it before the next table.</param>
    public async Task<SchemaUpgradeResult> RunAsync(bool movesExtras, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            foreach (string statement in dialect.Schema.SessionStatements)
                await connection.ExecuteAsync(statement).ConfigureAwait(false);
            try
            {
                if (await UpgradeAsync(connection, cancellationToken).ConfigureAwait(false) is { } newer)
                    return newer;
            }
            catch
            {
                // The server would go on with what it does, and another host could not begin.
                if (await _session.EndAsync().ConfigureAwait(false) is { } failure)
                    Report($"The session that the upgrade had could not be ended: {failure}");
                throw;
            }
        }

        long moved = movesExtras
            ? await new ExtrasCompletion(dataSource, dialect, time, report).RunAsync(cancellationToken).ConfigureAwait(false)
            : 0;
        if (_failures.Count > 0)
            throw new SchemaUpgradeException($"The upgrade of the tables is not complete. {string.Join(' ', _failures)}");

        return new SchemaUpgradeResult
        {
            Version = SchemaVersion.Current,
            CreatedTables = _created,
            ChangedTables = _changed,
            LeftAlone = _leftAlone,
            MovedRows = moved,
            Duration = time.GetElapsedTime(started),
        };
    }

    /// <summary>Creates what is missing and changes what is there.</summary>
    /// <returns>The result for a newer database; null for others.</returns>
    private async Task<SchemaUpgradeResult?> UpgradeAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        await _session.BeginAsync(connection).ConfigureAwait(false);
        await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        if (await SchemaVersion.LoadAsync(connection).ConfigureAwait(false) is > SchemaVersion.Current and var newer)
            return Newer(newer);

        await ClaimAsync(connection, cancellationToken).ConfigureAwait(false);

        _created = await SchemaCreator.CreateMissingAsync(connection, cancellationToken, retention, time).ConfigureAwait(false);
        if (_created.Count > 0)
            Report($"Created the tables {string.Join(", ", _created)}.");
        bool whole = await ChangeAsync(connection, cancellationToken).ConfigureAwait(false);
        await new ViewCreator(dialect, time, _leftAlone.Add).CreateMissingAsync(connection).ConfigureAwait(false);
        if (whole)
            await SchemaVersion.RecordAsync(connection).ConfigureAwait(false);
        await claim.ReleaseAsync(connection).ConfigureAwait(false);
        return null;
    }

    private static SchemaUpgradeResult Newer(long version) => new()
    {
        Version = version,
        LeftAlone =
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"The database is of version {version}, which a newer JanusEvents created; this one knows version {SchemaVersion.Current} and skips it."),
        ],
    };

    private async Task ClaimAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        await SchemaCreator.CreateAsync(connection, BookkeepingTables.Claims).ConfigureAwait(false);
        for (bool isReported = false; !await claim.TryTakeAsync(connection).ConfigureAwait(false); isReported = true)
        {
            if (!isReported)
                Report("Another upgrade is at work; waiting for it.");
            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes the tables that are to be changed.</summary>
    /// <returns>Whether all are as this version has them.</returns>
    private async Task<bool> ChangeAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableChange> plan =
            await dialect.Schema.PlanAsync(connection, SchemaCreator.Tables).ConfigureAwait(false);
        _leftAlone.AddRange(plan.SelectMany(c => c.LeftAlone));
        TableChanges changes = new(connection, _session, time, report);
        (_changed, _failures) = (changes.Changed, changes.Failures);
        await changes.RunAsync([.. plan.Where(c => c.Statements.Count > 0)], cancellationToken).ConfigureAwait(false);
        return _failures.Count == 0;
    }

    private void Report(string message) => report(new SchemaUpgradeProgress(message));
}
