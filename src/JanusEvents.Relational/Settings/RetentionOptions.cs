using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using JanusEvents.Settings;

namespace JanusEvents;

/// <summary>
/// How long a store keeps events. By default it keeps them indefinitely: nothing is removed as long as neither
/// <see cref="KeepDays"/> nor <see cref="Tables"/> is set.
/// </summary>
public sealed class RetentionOptions
{
    // A hundred years: for a table that is to stay where the others do not.
    private const int MaxDays = 36_500;

    // MySQL and MariaDB allow a table about 8,190.
    private const int MaxPartitions = 8_000;

    /// <summary>
    /// For how many days after it was stored a row is kept in each table of events, 1 to 36,500 (1 to 8,000 with
    /// <see cref="PartitionByDay"/>). Null, the default, keeps the rows of every table that <see cref="Tables"/> does not
    /// name. Rejected events have <see cref="EventStoreOptions.RejectedAge"/>.
    /// </summary>
    /// <remarks>
    /// Days count by the clock of the host, from when a row was stored; the clocks of Janus servers do not matter. Only
    /// rows that were stored before retention was ever switched on are judged by their <c>timestamp</c>. See
    /// docs/retention.md.
    /// </remarks>
    public int? KeepDays { get; set; }

    /// <summary>
    /// Days for single tables, by the table's name, such as <c>["stats"] = 7</c>; they take the place of
    /// <see cref="KeepDays"/>, with the same range. Names are compared without regard to case.
    /// </summary>
    public IDictionary<string, int> Tables { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the tables of events that are made are partitioned by the day on which a row is stored (UTC), so that whole
    /// days are dropped instead of rows deleted. For MySQL and MariaDB only, and only for tables that are made while it is
    /// set: those that are there stay as they are, with a warning, and lose their old rows one by one. False by default.
    /// </summary>
    /// <remarks>Keep it set: the partitions of the days to come are made by hosts that have it (or days to keep) set.</remarks>
    public bool PartitionByDay { get; set; }

    private int Most => PartitionByDay ? MaxPartitions : MaxDays;

    /// <summary>Whether there is anything to do.</summary>
    internal bool IsOn => KeepDays is not null || Tables.Count > 0 || PartitionByDay;

    /// <summary>For how many days the rows of a table are kept; null indefinitely.</summary>
    internal int? DaysOf(string table) => Tables.TryGetValue(table, out int days) ? days : KeepDays;

    /// <summary>The faults of the options, with marked keys.</summary>
    /// <param name="sink">The store's name, for messages.</param>
    /// <param name="dialect">The kind of database.</param>
    internal IEnumerable<string> Failures(string sink, SqlDialect dialect)
    {
        const string Here = nameof(EventStoreOptions.Retention);
        if (PartitionByDay && dialect.Partitions is null)
        {
            yield return $"{SettingKey.Of($"{Here}:{nameof(PartitionByDay)}")} is True, but Add{sink} stores into a database that has no partitions. "
                + $"Leave it out: {nameof(KeepDays)} removes old rows there as well.";
        }

        if (KeepDays is { } all && !IsInRange(all))
            yield return OutOfRange($"{Here}:{nameof(KeepDays)}", all);
        foreach ((string table, int days) in Tables)
        {
            string key = $"{Here}:{nameof(Tables)}:{table}";
            if (!KeptTables.All.Any(t => t.Name.Equals(table, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"{SettingKey.Of(key)} is {days}, but no table of events is called so. "
                    + $"Name one of {string.Join(", ", KeptTables.All.Select(t => t.Name))}; "
                    + $"what is rejected has {SettingKey.Of(nameof(EventStoreOptions.RejectedAge))}.";
            }
            else if (!IsInRange(days))
            {
                yield return OutOfRange(key, days);
            }
        }
    }

    private bool IsInRange(int days) => days >= 1 && days <= Most;

    private string OutOfRange(string key, int days) => string.Create(
        CultureInfo.InvariantCulture,
        $"{SettingKey.Of(key)} is {days}; it must be 1 to {Most:N0} days. Omit it to keep rows indefinitely.");
}
