using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Connections;

/// <summary>Log messages of the stores. Event ids 2000 to 2059.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(2000, LogLevel.Information, "Created the tables {Tables}.")]
    public static partial void TablesMade(ILogger logger, string tables);

    [LoggerMessage(2001, LogLevel.Information, "{Bodies} bodies were duplicates and had been stored already. Logged at most once a minute.")]
    public static partial void StoredAlready(ILogger logger, long bodies);

    [LoggerMessage(2002, LogLevel.Warning, "Table {Table} refused {Count} events, the last one of type {Type} from {RemoteAddress} ({Reason}). They are kept in the table rejected. Logged at most once a minute for each table and reason.")]
    public static partial void EventRefused(ILogger logger, string table, int count, JanusEventType type, string? remoteAddress, string reason);

    [LoggerMessage(2008, LogLevel.Error, "Table {Table} refuses one event after another ({Reason}). They are kept in the table rejected. {Remedy} After the table is repaired, \"janusevents rejected retry\" stores them.")]
    public static partial void TableRefuses(ILogger logger, string table, string reason, string remedy);

    [LoggerMessage(2009, LogLevel.Information, "Table {Table} accepts events again, after {Count} refused ones.")]
    public static partial void TableTakesAgain(ILogger logger, string table, int count);

    [LoggerMessage(2003, LogLevel.Debug, "A transaction lost against another one and is repeated (attempt {Attempt}).")]
    public static partial void Repeated(ILogger logger, int attempt);

    [LoggerMessage(2005, LogLevel.Warning, "The table rejected holds as many bytes as it may. {Bytes} bytes are recorded there by reason and hash only.")]
    public static partial void RejectedFull(ILogger logger, int bytes);

    [LoggerMessage(2006, LogLevel.Warning, "Old hashes or rejected elements could not be removed, or views not created. It is retried in a minute. Cause: {Cause}")]
    public static partial void PurgeFailed(ILogger logger, string cause);

    [LoggerMessage(2007, LogLevel.Warning, "The tables {Tables} are as they were published in 2016. Events that do not fit go to the table rejected, such as most SDPs. UpgradeSchema widens them and keeps every row.")]
    public static partial void NotUpgraded(ILogger logger, string tables);

    [LoggerMessage(2010, LogLevel.Warning, "The table {Table} could not be created ({Reason}). Events are stored without it, and queries about rooms are not possible.")]
    public static partial void TableNotMade(ILogger logger, string table, string reason);

    [LoggerMessage(2030, LogLevel.Warning, "{Reason} Events are stored nevertheless.")]
    public static partial void ViewsNotMade(ILogger logger, string reason);

    [LoggerMessage(2031, LogLevel.Warning, "The table facts refused a fact ({What}). Its event is stored.")]
    public static partial void FactRefused(ILogger logger, string what);

    [LoggerMessage(2040, LogLevel.Warning, "Row {Number} of table {Table} differs from what JanusEvents writes: {Reason}")]
    public static partial void RowDamaged(ILogger logger, long number, string table, string reason);

    [LoggerMessage(2041, LogLevel.Warning, "{Rows} more rows of the same query differ from what JanusEvents writes.")]
    public static partial void MoreRowsDamaged(ILogger logger, long rows);

    [LoggerMessage(2050, LogLevel.Information, "Upgrade of the tables: {Message}")]
    public static partial void Upgrading(ILogger logger, string message);

    [LoggerMessage(2051, LogLevel.Warning, "Upgrade of the tables: {Message}")]
    public static partial void LeftAlone(ILogger logger, string message);

    [LoggerMessage(2052, LogLevel.Error, "The tables could not be upgraded and are used as they are. Events that do not fit go to the table rejected.")]
    public static partial void UpgradeFailed(ILogger logger, Exception exception);

    [LoggerMessage(2053, LogLevel.Debug, "Rows could not be completed from the table extras. It is retried later.")]
    public static partial void CompletionFailed(ILogger logger, Exception exception);
}
