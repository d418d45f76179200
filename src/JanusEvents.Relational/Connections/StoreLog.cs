using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Connections;

/// <summary>What the stores log. Event ids 2000 to 2059.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(2000, LogLevel.Information, "Made the tables {Tables}.")]
    public static partial void TablesMade(ILogger logger, string tables);

    [LoggerMessage(2001, LogLevel.Information, "{Bodies} bodies came again and were stored already. This is said once a minute.")]
    public static partial void StoredAlready(ILogger logger, long bodies);

    [LoggerMessage(2002, LogLevel.Warning, "Table {Table} refused {Count} events, the last one of type {Type} from {RemoteAddress} ({Reason}); they are kept in the table rejected. For each table and reason this is said once a minute.")]
    public static partial void EventRefused(ILogger logger, string table, int count, JanusEventType type, string? remoteAddress, string reason);

    [LoggerMessage(2008, LogLevel.Error, "Table {Table} refuses one event after another ({Reason}); they are kept in the table rejected. {Remedy} When the table is mended, \"rejected retry\" stores them.")]
    public static partial void TableRefuses(ILogger logger, string table, string reason, string remedy);

    [LoggerMessage(2009, LogLevel.Information, "Table {Table} takes events again, after {Count} that it refused.")]
    public static partial void TableTakesAgain(ILogger logger, string table, int count);

    [LoggerMessage(2003, LogLevel.Debug, "A transaction lost against another one and is repeated (attempt {Attempt}).")]
    public static partial void Repeated(ILogger logger, int attempt);

    [LoggerMessage(2005, LogLevel.Warning, "The table rejected holds as many bytes as it may; {Bytes} bytes are noted there by reason and hash only.")]
    public static partial void RejectedFull(ILogger logger, int bytes);

    [LoggerMessage(2006, LogLevel.Warning, "Old hashes or rejected pieces could not be removed, or views made; it is tried again in a minute. Cause: {Cause}")]
    public static partial void PurgeFailed(ILogger logger, string cause);

    [LoggerMessage(2007, LogLevel.Warning, "The tables {Tables} are as they were published in 2016. What they cannot hold goes to the table rejected, such as most SDPs. UpgradeSchema widens them and keeps every row.")]
    public static partial void NotUpgraded(ILogger logger, string tables);

    [LoggerMessage(2010, LogLevel.Warning, "The table {Table} could not be made ({Reason}); events are stored without it, and nothing can be asked about rooms.")]
    public static partial void TableNotMade(ILogger logger, string table, string reason);

    [LoggerMessage(2030, LogLevel.Warning, "{Reason} Events are stored all the same.")]
    public static partial void ViewsNotMade(ILogger logger, string reason);

    [LoggerMessage(2031, LogLevel.Warning, "The table facts refused a fact ({What}); its event is stored.")]
    public static partial void FactRefused(ILogger logger, string what);

    [LoggerMessage(2040, LogLevel.Warning, "Row {Number} of table {Table} is not as JanusEvents writes it: {Reason}")]
    public static partial void RowDamaged(ILogger logger, long number, string table, string reason);

    [LoggerMessage(2041, LogLevel.Warning, "{Rows} more rows of the same reading are not as JanusEvents writes them.")]
    public static partial void MoreRowsDamaged(ILogger logger, long rows);

    [LoggerMessage(2050, LogLevel.Information, "Upgrade of the tables: {Message}")]
    public static partial void Upgrading(ILogger logger, string message);

    [LoggerMessage(2051, LogLevel.Warning, "Upgrade of the tables: {Message}")]
    public static partial void LeftAlone(ILogger logger, string message);

    [LoggerMessage(2052, LogLevel.Error, "The tables could not be upgraded and are used as they are; what they cannot hold goes to the table rejected.")]
    public static partial void UpgradeFailed(ILogger logger, Exception exception);

    [LoggerMessage(2053, LogLevel.Debug, "Rows could not be completed from the table extras; it is tried again later.")]
    public static partial void CompletionFailed(ILogger logger, Exception exception);
}
