using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of a store of events in a database: from the section <c>JanusEvents</c> of the configuration, then from the
/// section in it that has the name of the store (<c>JanusEvents:MySql</c>, <c>JanusEvents:Sqlite</c>), and then by code.
/// </summary>
public sealed class EventStoreOptions
{
    /// <summary>
    /// For how long duplicates are recognised, at least two minutes (Janus retransmits a body for about one).
    /// Null, the default, is two hours, or a day where there is a spool, whose bodies may be that old.
    /// </summary>
    [WithinTime("00:02", Because = ", since Janus sends a body again for about one minute")]
    public TimeSpan? HashWindow { get; set; }

    /// <summary>
    /// How many bytes of rejected elements and events the table <c>rejected</c> keeps, at least 0; 1 GiB by default. What
    /// comes when they are used is kept with its reason and hash, but without its bytes.
    /// </summary>
    [Within(0)]
    public long MaxRejectedBytes { get; set; } = 1 << 30;

    /// <summary>How long a rejected element or event is kept, more than zero; 30 days by default.</summary>
    [WithinTime("0", Exclusive = true)]
    public TimeSpan RejectedAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The prefix of the names of the store's tables, views and indexes, so that they can share a database with those of an
    /// application: <c>janus_</c> makes <c>janus_sessions</c> of <c>sessions</c>. ASCII letters, digits and underscores, 30 at most;
    /// nothing by default, for the names that were published. A store with another prefix does not see the tables of before.
    /// </summary>
    [Word(30)]
    public string TablePrefix { get; set; } = "";

    /// <summary>How long events are kept; indefinitely by default.</summary>
    public RetentionOptions Retention { get; } = new();

    /// <summary>
    /// Whether a database that was made with the tables published in 2016 (or by an earlier version) is altered before
    /// the first write, so that its tables hold whatever Janus sends; false by default. Every row is kept. What it does,
    /// and how long it takes, is what <see cref="IEventSchema.UpgradeAsync"/> says; nothing is stored until it is done.
    /// When the database does not allow it, that is logged as an error, and the tables are used as they are.
    /// </summary>
    public bool UpgradeSchema { get; set; }

    /// <summary>
    /// Selects the events that are stored; null, the default, is all. The others are in no table and never read back; they
    /// count as stored, and their body is still recognised as a duplicate. <see cref="EventSinkOptions.Filter"/> describes what
    /// holds for every filter; a combined statistics event is stored whole when one of its parts is wanted.
    /// </summary>
    public Func<JanusEvent, bool>? Filter { get; set; }
}
