using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Records;

/// <summary>Log messages of records and of the restored state. Event ids 1280 to 1299.</summary>
internal static partial class RecordsLog
{
    [LoggerMessage(1280, LogLevel.Warning, "Call records and troubles cannot be stored. They are retried every five seconds.")]
    public static partial void CannotWrite(ILogger logger, Exception exception);

    [LoggerMessage(1281, LogLevel.Information, "Call records and troubles are stored again.")]
    public static partial void WritesAgain(ILogger logger);

    [LoggerMessage(1282, LogLevel.Warning, "The state of the servers cannot be restored from the store. It begins with the next events.")]
    public static partial void NotRestored(ILogger logger, Exception exception);

    [LoggerMessage(1283, LogLevel.Information, "Restored the state of the servers from {Events} stored events in {Seconds} s.")]
    public static partial void Restored(ILogger logger, int events, double seconds);
}
