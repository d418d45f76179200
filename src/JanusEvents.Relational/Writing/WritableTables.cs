using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Health;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// The tables that a sink writes to, as it knows them: they are created before the first write, and their columns are read again
/// from time to time as long as an upgrade may still come, and after a failure.
/// </summary>
internal sealed class WritableTables(
    SqlDialect dialect,
    EventStoreOptions options,
    StoreTroubles troubles,
    TimeProvider time,
    ILogger logger)
{
    // How often the columns of tables that were not upgraded are looked at.
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ViewCreator _views = new(dialect, time, why => StoreLog.ViewsNotMade(logger, why));
    private bool _created;
    private bool _warned;
    private long? _read;
    private long _rejectedBytes = -1;

    /// <summary>How the tables of events are laid out in the database.</summary>
    public IReadOnlyDictionary<EventTable, TableLayout> Layouts { get; private set; } = new Dictionary<EventTable, TableLayout>();

    /// <summary>Whether no table lacks a column; one that was not upgraded refuses much.</summary>
    public bool AreComplete { get; private set; }

    /// <summary>Whether there is the table of facts, without which events are stored all the same.</summary>
    public bool HaveFacts { get; private set; }

    /// <summary>How many more bytes the table <c>rejected</c> may take.</summary>
    public long RoomForRejected => options.MaxRejectedBytes - Interlocked.Read(ref _rejectedBytes);

    /// <summary>Whether it is time to look for views that are missing.</summary>
    public bool MayLackViews => _created && _views.AreDue;

    private bool AreReady =>
        _created && _rejectedBytes >= 0 && _read is { } read && (AreComplete || time.GetElapsedTime(read) < s_age);

    /// <summary>Creates what is missing and reads what is there, unless that was done recently. Called by one at a time.</summary>
    public async ValueTask PrepareAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        if (AreReady)
            return;

        try
        {
            await LookAsync(connection, cancellationToken).ConfigureAwait(false);
            troubles.FoundForeign(null);
        }
        catch (ForeignTablesException e)
        {
            troubles.FoundForeign(e.Message);
            throw;
        }
    }

    private async Task LookAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        if (!_created)
        {
            IReadOnlyList<string> created = await SchemaCreator
                .CreateMissingAsync(connection, cancellationToken, options.Retention, time, NotCreated).ConfigureAwait(false);
            if (created.Count > 0)
                StoreLog.TablesMade(logger, string.Join(", ", created));
            await TableOwnership.CheckTransactionsAsync(connection).ConfigureAwait(false);
            await _views.CreateMissingAsync(connection).ConfigureAwait(false);
            _created = true;
        }

        if (_rejectedBytes < 0)
        {
            long counted = await CountRejectedAsync(connection).ConfigureAwait(false);
            lock (_gate)
                _rejectedBytes = counted;
        }

        ILookup<string, ExistingColumn> existing = await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        Layouts = SchemaReader.Layouts(existing);
        HaveFacts = existing.Contains(FactTable.Definition.Name);
        _read = time.GetTimestamp();
        AreComplete = Layouts.Values.All(l => l.IsComplete);
        if (!AreComplete && !_warned)
        {
            _warned = true;
            StoreLog.NotUpgraded(logger, string.Join(", ", Layouts.Values.Where(l => !l.IsComplete).Select(l => l.Table.Name)));
        }
    }

    /// <summary>Creates the views that are missing.</summary>
    public Task CreateViewsAsync(StoreConnection connection) => _views.CreateRemovedAsync(connection);

    /// <summary>Has the columns read again before the next write: something was changed, or a write failed.</summary>
    /// <param name="failure">The meaning of the failure.</param>
    public void LookAgainAfter(FailureKind failure)
    {
        _read = null;
        _created &= failure != FailureKind.MissingTable;
    }

    /// <summary>Adds bytes that were put into <c>rejected</c>.</summary>
    public void AddRejected(long bytes)
    {
        lock (_gate)
        {
            // Where they are counted anew, these are among them.
            if (_rejectedBytes >= 0)
                _rejectedBytes += bytes;
        }
    }

    /// <summary>Has the bytes in <c>rejected</c> counted again, since some were removed.</summary>
    public void RecountRejected()
    {
        lock (_gate)
            _rejectedBytes = -1;
    }

    private void NotCreated(string table, DbException failure) => StoreLog.TableNotMade(logger, table, dialect.Explain(failure).Words);

    private async Task<long> CountRejectedAsync(StoreConnection connection)
    {
        object? sum = await connection.ScalarAsync(
            $"SELECT CAST(COALESCE(SUM({dialect.Quote("size")}), 0) AS CHAR) FROM {dialect.Table(BookkeepingTables.Rejected)} "
                + $"WHERE {dialect.Quote("bytes")} IS NOT NULL").ConfigureAwait(false);
        return Convert.ToInt64(sum, CultureInfo.InvariantCulture);
    }
}
