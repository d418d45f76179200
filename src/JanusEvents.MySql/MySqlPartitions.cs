using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.MySql;

/// <summary>
/// Partitions of MySQL (5.6 and later) and MariaDB: RANGE COLUMNS over the day, and at the end one without a limit, so
/// that no row is ever refused for its day. Days are written into the statements, which take no parameters there; they are
/// made of dates, never of text.
/// </summary>
internal sealed class MySqlPartitions(MySqlDialect dialect) : PartitionSql
{
    private const string Last = "pmax";

    // More would hold up every writer of the table while somebody reads it for long.
    public override string WaitShortly => "SET SESSION lock_wait_timeout = 1";

    public override string List =>
        "SELECT table_name, partition_name, REPLACE(partition_description, '''', '') FROM information_schema.partitions "
        + "WHERE table_schema = DATABASE() AND partition_method = 'RANGE COLUMNS' "
        + $"AND REPLACE(partition_expression, '`', '') = '{DayColumn.Column.Name}' ORDER BY table_name, partition_ordinal_position";

    public override string Clause(IEnumerable<DateOnly> days) =>
        $"\nPARTITION BY RANGE COLUMNS (`{DayColumn.Column.Name}`) (\n  {Partitions(days)}\n)";

    public override string Add(TableDefinition table, string? last, IEnumerable<DateOnly> days) => last is null
        ? $"ALTER TABLE {dialect.Table(table)} ADD PARTITION ({Partitions(days)})"
        : $"ALTER TABLE {dialect.Table(table)} REORGANIZE PARTITION `{last}` INTO ({Partitions(days)})";

    public override string Drop(TableDefinition table, IEnumerable<string> partitions) =>
        $"ALTER TABLE {dialect.Table(table)} DROP PARTITION {string.Join(", ", partitions.Select(p => $"`{p}`"))}";

    public override string RowsOf(TableDefinition table, string partition) => $"{dialect.Table(table)} PARTITION (`{partition}`)";

    public override bool SaysThatThereAreNone(Exception exception) =>
        ServerError.NumberOf(exception) switch
        {
            ServerError.FeatureDisabled => true,

            // The number of several options, such as --read-only.
            ServerError.OptionPreventsStatement => exception.Message.Contains("--skip-partition", StringComparison.Ordinal),
            _ => false,
        };

    private static string Partitions(IEnumerable<DateOnly> days) => string.Join(
        ",\n  ",
        days.Select(day => string.Create(
                CultureInfo.InvariantCulture,
                $"PARTITION `p{day:yyyyMMdd}` VALUES LESS THAN ('{day.AddDays(1):yyyy-MM-dd}')"))
            .Append($"PARTITION `{Last}` VALUES LESS THAN (MAXVALUE)"));
}
