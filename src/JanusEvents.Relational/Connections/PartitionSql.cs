using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>The SQL of a database that can keep each day's rows of a table in a partition of its own.</summary>
internal abstract class PartitionSql
{
    /// <summary>
    /// The day of a row that somebody else added, who knows nothing of days: beyond all others, so that no partition of a
    /// day that is dropped holds it.
    /// </summary>
    public static readonly DateOnly NoDay = new(9999, 12, 31);

    /// <summary>How long a change of partitions waits for others who use the table; meanwhile all who come after wait too.</summary>
    public abstract string WaitShortly { get; }

    /// <summary>
    /// A query for the partitions of the tables that have one for each day: the table's name, the partition's, and the
    /// day before which its rows are from (no day for the last one), in the order of the days.
    /// </summary>
    public abstract string List { get; }

    /// <summary>Adds partitions to the CREATE TABLE of a table: it is added at the end.</summary>
    public abstract string Clause(IEnumerable<DateOnly> days);

    /// <summary>The statement that makes partitions for days out of the last one, which has all that is later.</summary>
    /// <param name="table">The table.</param>
    /// <param name="last">The partition that has all that is later, or null where somebody has removed it.</param>
    /// <param name="days">The days, ascending.</param>
    public abstract string Add(TableDefinition table, string? last, IEnumerable<DateOnly> days);

    /// <summary>The statement that removes partitions with all of their rows.</summary>
    public abstract string Drop(TableDefinition table, IEnumerable<string> partitions);

    /// <summary>Names the rows of one partition, after FROM.</summary>
    public abstract string RowsOf(TableDefinition table, string partition);

    /// <summary>Whether a table could not be made because the server has no partitions.</summary>
    public abstract bool SaysThatThereAreNone(Exception exception);
}
