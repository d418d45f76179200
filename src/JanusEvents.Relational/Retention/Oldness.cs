using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Retention;

/// <summary>Which rows of a table are old enough to go.</summary>
/// <param name="Rows">The rows to look at, as they stand after FROM.</param>
/// <param name="UpTo">The highest number that may go.</param>
/// <param name="TimeColumn">
/// The column that has the age of a row, where the numbers do not: then they go from the lowest number up to the first
/// row that is not old. Null where all up to the number are old.
/// </param>
/// <param name="Before">The time before which a row is old.</param>
internal sealed record Oldness(string Rows, long UpTo, TableColumn? TimeColumn, DateTime Before);
