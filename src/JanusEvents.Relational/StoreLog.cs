using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational;

/// <summary>What the stores log. Event ids 2000 to 2059.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(2000, LogLevel.Information, "Made the tables {Tables}.")]
    public static partial void TablesMade(ILogger logger, string tables);

    [LoggerMessage(2001, LogLevel.Information, "{Bodies} bodies came again and were stored already.")]
    public static partial void StoredAlready(ILogger logger, int bodies);

    [LoggerMessage(2002, LogLevel.Warning, "Table {Table} refused a {Type} event from {RemoteAddress}; it is noted in the table rejected, with the reason.")]
    public static partial void EventRefused(ILogger logger, string table, JanusEventType type, string? remoteAddress);

    [LoggerMessage(2003, LogLevel.Debug, "A transaction lost against another one and is repeated (attempt {Attempt}).")]
    public static partial void Repeated(ILogger logger, int attempt);

    [LoggerMessage(2004, LogLevel.Debug, "A transaction could not be rolled back; its connection is thrown away.")]
    public static partial void RollbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Warning, "The table rejected holds as many bytes as it may; {Bytes} bytes are noted there by reason and hash only.")]
    public static partial void RejectedFull(ILogger logger, int bytes);

    [LoggerMessage(2006, LogLevel.Warning, "Old hashes or rejected pieces could not be removed; it is tried again later.")]
    public static partial void PurgeFailed(ILogger logger, Exception exception);

    [LoggerMessage(2007, LogLevel.Warning, "The tables {Tables} are as they were published in 2016. What they cannot hold goes to the table rejected, such as most SDPs. UpgradeSchema widens them and keeps every row.")]
    public static partial void NotUpgraded(ILogger logger, string tables);

    [LoggerMessage(2030, LogLevel.Warning, "The views over the table facts could not be made; events are stored all the same. The account needs the right CREATE VIEW.")]
    public static partial void ViewsNotMade(ILogger logger, Exception exception);

    [LoggerMessage(2031, LogLevel.Warning, "The table facts refused a fact ({What}); its event is stored.")]
    public static partial void FactRefused(ILogger logger, string what);

    [LoggerMessage(2050, LogLevel.Information, "Upgrade of the tables: {Message}")]
    public static partial void Upgrading(ILogger logger, string message);

    [LoggerMessage(2051, LogLevel.Warning, "Upgrade of the tables: {Message}")]
    public static partial void LeftAlone(ILogger logger, string message);

    [LoggerMessage(2052, LogLevel.Error, "The tables could not be upgraded and are used as they are; what they cannot hold goes to the table rejected.")]
    public static partial void UpgradeFailed(ILogger logger, Exception exception);

    [LoggerMessage(2053, LogLevel.Debug, "Rows could not be completed from the table extras; it is tried again later.")]
    public static partial void CompletionFailed(ILogger logger, Exception exception);
}
