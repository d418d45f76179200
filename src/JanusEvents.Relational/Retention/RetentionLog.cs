using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Retention;

/// <summary>Log messages of retention. Event ids 2060 to 2079.</summary>
internal static partial class RetentionLog
{
    [LoggerMessage(2060, LogLevel.Debug, "Removed {Rows} old rows of table {Table}.")]
    public static partial void RowsRemoved(ILogger logger, long rows, string table);

    [LoggerMessage(2061, LogLevel.Information, "Dropped the partitions {Partitions} of table {Table} with their old rows.")]
    public static partial void PartitionsDropped(ILogger logger, string partitions, string table);

    [LoggerMessage(2062, LogLevel.Debug, "Created partitions of table {Table} for {Days}.")]
    public static partial void PartitionsMade(ILogger logger, string table, string days);

    [LoggerMessage(2063, LogLevel.Warning, "Old rows could not be removed. It is retried in a minute. Cause: {Cause}")]
    public static partial void Failed(ILogger logger, string cause);

    [LoggerMessage(2068, LogLevel.Debug, "Removing old rows failed.")]
    public static partial void FailedWith(ILogger logger, Exception exception);

    [LoggerMessage(2064, LogLevel.Warning, "The partitions of table {Table} could not be changed. It is retried later. A long query may hold the table, or the user may lack the privileges ALTER and DROP.")]
    public static partial void PartitionsNotChanged(ILogger logger, string table, Exception exception);

    [LoggerMessage(2065, LogLevel.Warning, "Retention.PartitionByDay is set, but the tables {Tables} are not partitioned: they were created without it, or the server has no partitions. Their old rows are deleted one by one.")]
    public static partial void NotPartitioned(ILogger logger, string tables);

    [LoggerMessage(2066, LogLevel.Warning, "More than {Rows} rows of table {Table} are of days without a partition. Dividing them now would block all writers, so that their old rows are deleted one by one. When nothing is written, run: {Statement}")]
    public static partial void TooManyRowsToDivide(ILogger logger, int rows, string table, string statement);

    [LoggerMessage(2067, LogLevel.Debug, "Another host is removing old rows.")]
    public static partial void NotOurTurn(ILogger logger);
}
