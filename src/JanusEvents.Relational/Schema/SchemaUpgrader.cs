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
    Claim? claim = null)
{
    // How often a change that waited in vain for a lock is tried again.
    private const int MaxTries = 3;

    // How often in turn a server may not answer what it does, or say that it does nothing.
    private const int MaxSilences = 6;
    private const int MaxAbsences = 2;

    /// <summary>The work that one host does for all.</summary>
    public const string ClaimName = "upgrade";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Claim _claim = claim ?? new Claim(ClaimName);
    private readonly List<string> _changed = [];
    private readonly List<string> _leftAlone = [];
    private readonly List<string> _failures = [];
    private IReadOnlyList<string> _created = [];
    private long _session;
    private int _silences;
    private int _absences;

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
                await EndSessionAsync().ConfigureAwait(false);
                throw;
            }
        }

        long moved = movesExtras ? await MoveExtrasAsync(cancellationToken).ConfigureAwait(false) : 0;
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
        _session = await dialect.Schema.SessionOfAsync(connection).ConfigureAwait(false);
        await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        if (await SchemaVersion.LoadAsync(connection).ConfigureAwait(false) is > SchemaVersion.Current and var newer)
            return Newer(newer);

        await ClaimAsync(connection, cancellationToken).ConfigureAwait(false);

        _created = await SchemaCreator.CreateMissingAsync(connection, cancellationToken, retention, time).ConfigureAwait(false);
        if (_created.Count > 0)
            Report($"Created the tables {string.Join(", ", _created)}.");
        bool whole = await ChangeAsync(connection, cancellationToken).ConfigureAwait(false);
        await new ViewCreator(dialect, time, _leftAlone.Add)
            .CreateMissingAsync(connection).ConfigureAwait(false);
        if (whole)
            await SchemaVersion.RecordAsync(connection).ConfigureAwait(false);
        await _claim.ReleaseAsync(connection).ConfigureAwait(false);
        return null;
    }

    /// <summary>Ends the session, from another connection, and gives the claim up.</summary>
    private async Task EndSessionAsync()
    {
        try
        {
            StoreConnection other = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None).ConfigureAwait(false);
            await using (other.ConfigureAwait(false))
            {
                await _claim.ReleaseAsync(other).ConfigureAwait(false);
                await dialect.Schema.EndAsync(other, _session).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            Report($"The session that the upgrade had could not be ended: {e.Message}");
        }
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
        for (bool told = false; !await _claim.TryTakeAsync(connection).ConfigureAwait(false); told = true)
        {
            if (!told)
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
        List<TableChange> changes = [.. plan.Where(c => c.Statements.Count > 0)];
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
            Report(string.Create(
                CultureInfo.InvariantCulture,
                $"{changes.Count} tables are changed, one after the other; nobody can write into one meanwhile. All together about {changes.Sum(c => c.Estimate.TotalSeconds):N0} s."));
        }

        for (int i = 0; i < changes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ChangeAsync(connection, changes, i).ConfigureAwait(false);
        }

        return _failures.Count == 0;
    }

    private async Task ChangeAsync(StoreConnection connection, List<TableChange> changes, int i)
    {
        string name = changes[i].Table.Name;
        string place = string.Create(CultureInfo.InvariantCulture, $"{name} ({i + 1} of {changes.Count})");
        Report($"{place}: begins.", changes, i);
        long started = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (await ChangeOnceAsync(connection, changes[i].Table, () => LookAsync(place)).ConfigureAwait(false))
                    _changed.Add(name);
                Report(
                    string.Create(CultureInfo.InvariantCulture, $"{place}: done in {time.GetElapsedTime(started).TotalSeconds:0.0} s."),
                    changes,
                    i);
                return;
            }
            catch (DbException e)
            {
                // When the server does not answer any more, this throws.
                await RollBackAsync(connection).ConfigureAwait(false);
                if (dialect.Classify(e) == FailureKind.Repeat && attempt < MaxTries)
                {
                    Report($"{place}: somebody else uses the table ({e.Message}); trying again.", changes, i);
                    continue;
                }

                string failure = $"{name}: {e.Message.TrimEnd('.')}.";
                _failures.Add(failure);
                Report($"{place}: could not be changed and is as it was. {e.Message}", changes, i);
                return;
            }
        }

        async Task LookAsync(string what) =>
            Report(
                $"{what}: at work for {time.GetElapsedTime(started).TotalSeconds:0} s{await StateAsync().ConfigureAwait(false)}.",
                changes,
                i);
    }

    /// <summary>Changes a table, if that is still to be done.</summary>
    private async Task<bool> ChangeOnceAsync(StoreConnection connection, TableDefinition table, Func<Task> look)
    {
        SchemaDialect schema = dialect.Schema;
        _silences = _absences = 0;
        if (schema.Begin is { } begin)
            await AlterAsync(connection, begin, look).ConfigureAwait(false);

        // Another upgrade may have done it meanwhile, where there is no lock but the table's.
        IReadOnlyList<TableChange> plan =
            await schema.PlanAsync(connection, [table]).ConfigureAwait(false);
        foreach (string statement in plan.SelectMany(c => c.Statements))
            await AlterAsync(connection, statement, look).ConfigureAwait(false);
        if (schema.Commit is { } commit)
            await AlterAsync(connection, commit, look).ConfigureAwait(false);
        return plan.Any(c => c.Statements.Count > 0);
    }

    /// <summary>What the server reports that it does, to another connection.</summary>
    /// <exception cref="TimeoutException">It does not work on it any more, as far as is known.</exception>
    private async Task<string> StateAsync()
    {
        if (!dialect.IsServer)
            return "";

        string? state;
        try
        {
            StoreConnection other = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None).ConfigureAwait(false);
            await using (other.ConfigureAwait(false))
            {
                state = await dialect.Schema.StateOfAsync(other, _session).ConfigureAwait(false);
                await _claim.TryTakeAsync(other).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (++_silences < MaxSilences && e is DbException or TimeoutException or InvalidOperationException)
        {
            return ", and the server does not answer at present";
        }

        _silences = 0;
        _absences = state is null ? _absences + 1 : 0;
        if (_absences >= MaxAbsences)
        {
            // Perhaps it is done, and the driver has not noticed.
            throw new TimeoutException(
                $"The server does not work on the table any more, and has not confirmed that it is done. Upgrade again to continue.");
        }

        return string.IsNullOrEmpty(state) ? "" : $" ({state})";
    }

    private async Task RollBackAsync(StoreConnection connection)
    {
        if (dialect.Schema.RollBack is not { } rollBack)
        {
            // Asks whether the connection still works.
            await dialect.Schema.SessionOfAsync(connection).ConfigureAwait(false);
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

    private async Task<long> MoveExtrasAsync(CancellationToken cancellationToken)
    {
        long moved = 0;
        long told = time.GetTimestamp();
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            IReadOnlyDictionary<EventTable, TableLayout> layouts = SchemaReader.Layouts(
                await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false));
            foreach (TableLayout layout in layouts.Values.Where(l => l.IsComplete))
            {
                ExtrasMove move = new(dialect, layout);
                while (await MoveStepAsync(connection, move, cancellationToken).ConfigureAwait(false) is > 0 and int rows)
                {
                    moved += rows;
                    if (time.GetElapsedTime(told) < TimeSpan.FromSeconds(10))
                        continue;

                    told = time.GetTimestamp();
                    Report(string.Create(CultureInfo.InvariantCulture, $"{layout.Table.Name}: {moved:N0} rows completed from the table extras so far."));
                }
            }
        }

        if (moved > 0)
            Report(string.Create(CultureInfo.InvariantCulture, $"{moved:N0} rows completed from the table extras."));
        return moved;
    }

    private async Task<int> MoveStepAsync(StoreConnection connection, ExtrasMove move, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await move.StepAsync(connection).ConfigureAwait(false);
            }
            catch (DbException e) when (dialect.Classify(e) == FailureKind.Repeat && attempt < 10 * MaxTries)
            {
                // Somebody else writes there; its rows are few, and the next try is a new transaction.
            }
        }
    }

    // An ALTER of a server copies its table, which may take hours: there is no limit but that the server still works on it.
    private Task AlterAsync(StoreConnection connection, string statement, Func<Task> look) =>
        dialect.IsServer ? connection.AlterAsync(statement, look) : connection.DefineAsync(statement);

    private void Report(string message) => report(new SchemaUpgradeProgress(message));

    private void Report(string message, List<TableChange> changes, int i, int? tableNumber = null) => report(new SchemaUpgradeProgress(message)
    {
        Table = changes[i].Table.Name,
        TableNumber = tableNumber ?? i + 1,
        Tables = changes.Count,
        Rows = changes[i].Rows,
        Estimate = changes[i].Estimate,
    });
}
