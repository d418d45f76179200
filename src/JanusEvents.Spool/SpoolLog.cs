using Microsoft.Extensions.Logging;

namespace JanusEvents.Spool;

/// <summary>Log messages of the spool. Event ids 2100 to 2199.</summary>
internal static partial class SpoolLog
{
    [LoggerMessage(2100, LogLevel.Information, "Opened the spool {Path} with {Bodies} bodies.")]
    public static partial void Opened(ILogger logger, string path, long bodies);

    [LoggerMessage(2103, LogLevel.Error, "Sink {Sink} blocked the others until the spool {Path} was full. It is suspended: bodies that it has not stored are removed.")]
    public static partial void SinkSuspended(ILogger logger, string sink, string path);

    [LoggerMessage(2104, LogLevel.Error, "Sink {Sink} missed {Bodies} bodies, which were removed while it was suspended.")]
    public static partial void BodiesMissed(ILogger logger, string sink, long bodies);

    [LoggerMessage(2105, LogLevel.Warning, "Body {Sequence} of the spool arrived at {ArrivedAt}, before the {Window} for which hashes are kept. Whether it was stored elsewhere is unknown.")]
    public static partial void OlderThanWindow(ILogger logger, long sequence, DateTimeOffset arrivedAt, TimeSpan window);

    [LoggerMessage(2106, LogLevel.Warning, "The spool {Path} could not record what sink {Sink} has stored. It is retried. Cause: {Cause} Logged at most once a minute.")]
    public static partial void NotRecorded(ILogger logger, string path, string sink, string cause);

    [LoggerMessage(2107, LogLevel.Warning, "The spool {Path} is older than what was stored from it: sink {Sink} has body {Stored}, the spool ends at {Last}. It was restored from an older copy and continues as a new spool.")]
    public static partial void OlderCopy(ILogger logger, string path, string sink, long stored, long last);

    [LoggerMessage(2108, LogLevel.Error, "The spool {Path} could not be read for sink {Sink} ({Failures} times since the last message). Its bodies wait. Cause: {Cause} Logged at most once a minute.")]
    public static partial void NotRead(ILogger logger, string path, string sink, long failures, string cause);

    [LoggerMessage(2109, LogLevel.Debug, "The spool's file failed.")]
    public static partial void FileFailedWith(ILogger logger, Exception exception);
}
