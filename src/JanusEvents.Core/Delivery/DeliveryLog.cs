using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>What delivery logs. Event ids 1000 to 1099.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(1000, LogLevel.Warning, "Sink {Sink} cannot store at present; bodies wait in the spool, or their senders keep them. Cause: {Cause}")]
    public static partial void SinkFailed(ILogger logger, string sink, string cause);

    [LoggerMessage(1001, LogLevel.Information, "Sink {Sink} stores again, after {Duration} and {Failures} failures.")]
    public static partial void SinkRecovered(ILogger logger, string sink, TimeSpan duration, int failures);

    [LoggerMessage(1002, LogLevel.Warning, "Sink {Sink}, which is not required, failed ({Cause}); {Events} events were dropped for it. This is said once a minute.")]
    public static partial void BestEffortFailed(ILogger logger, string sink, string cause, long events);

    [LoggerMessage(1003, LogLevel.Warning, "Sink {Sink}, which is not required, does not keep up; {Events} events were dropped for it so far.")]
    public static partial void BestEffortFull(ILogger logger, string sink, long events);

    [LoggerMessage(1004, LogLevel.Error, "Sink {Sink} did not end its write when the host stopped, and is left behind.")]
    public static partial void SinkLeftBehind(ILogger logger, string sink);

    [LoggerMessage(1005, LogLevel.Warning, "The filter of sink {Sink} failed; the sink gets every event for which it does. This is said once.")]
    public static partial void FilterFailed(ILogger logger, Exception exception, string sink);

    [LoggerMessage(1006, LogLevel.Warning, "Handler {Handler}, which is not required, failed ({Failures} times so far); it goes on with the next event.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string handler, long failures);

    [LoggerMessage(1007, LogLevel.Warning, "A reader of the live feed does not keep up; it missed {Events} events and goes on with the newest. This is said once for each reader.")]
    public static partial void FeedReaderBehind(ILogger logger, long events);

    [LoggerMessage(1008, LogLevel.Critical, "The loop that writes to sink {Sink} failed, and is started again in a second.")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string sink);

    [LoggerMessage(1010, LogLevel.Warning, "Sink {Sink} has not stored for {Duration} ({Failures} failures). Cause: {Cause}")]
    public static partial void SinkStillFails(ILogger logger, string sink, TimeSpan duration, int failures, string cause);

    [LoggerMessage(1011, LogLevel.Debug, "A failure of sink {Sink}.")]
    public static partial void SinkFailedWith(ILogger logger, Exception exception, string sink);

    [LoggerMessage(1009, LogLevel.Critical, "The writer of sink {Sink} failed with {Bodies} bodies in hand, which are given up; their senders keep them.")]
    public static partial void WriterFailed(ILogger logger, Exception exception, string sink, int bodies);
}
