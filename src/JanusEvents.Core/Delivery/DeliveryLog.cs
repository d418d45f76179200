using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>Log messages of delivery. Event ids 1000 to 1099.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(1000, LogLevel.Warning, "Sink {Sink} cannot store. Bodies wait in the spool, or their senders keep them. Cause: {Cause}")]
    public static partial void SinkFailed(ILogger logger, string sink, string cause);

    [LoggerMessage(1001, LogLevel.Information, "Sink {Sink} stores again after {Duration} and {Failures} failures.")]
    public static partial void SinkRecovered(ILogger logger, string sink, TimeSpan duration, int failures);

    [LoggerMessage(1002, LogLevel.Warning, "Best-effort sink {Sink} failed ({Cause}); {Events} events were dropped. Logged at most once a minute.")]
    public static partial void BestEffortFailed(ILogger logger, string sink, string cause, long events);

    [LoggerMessage(1003, LogLevel.Warning, "Best-effort sink {Sink} does not keep up; {Events} events were dropped so far.")]
    public static partial void BestEffortFull(ILogger logger, string sink, long events);

    [LoggerMessage(1004, LogLevel.Error, "Sink {Sink} did not finish its write before the host stopped. The write was abandoned.")]
    public static partial void SinkLeftBehind(ILogger logger, string sink);

    [LoggerMessage(1005, LogLevel.Warning, "The filter of sink {Sink} failed. The sink gets every event for which it fails. Logged once.")]
    public static partial void FilterFailed(ILogger logger, Exception exception, string sink);

    [LoggerMessage(1006, LogLevel.Warning, "Best-effort handler {Handler} failed ({Failures} times so far). It continues with the next event.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string handler, long failures);

    [LoggerMessage(1007, LogLevel.Warning, "A reader of the live feed does not keep up. It missed {Events} events and continues with the newest. Logged once for each reader.")]
    public static partial void FeedReaderBehind(ILogger logger, long events);

    [LoggerMessage(1008, LogLevel.Critical, "The loop that writes to sink {Sink} failed. It restarts in a second.")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string sink);

    [LoggerMessage(1010, LogLevel.Warning, "Sink {Sink} has not stored for {Duration} ({Failures} failures). Cause: {Cause}")]
    public static partial void SinkStillFails(ILogger logger, string sink, TimeSpan duration, int failures, string cause);

    [LoggerMessage(1011, LogLevel.Debug, "Sink {Sink} failed.")]
    public static partial void SinkFailedWith(ILogger logger, Exception exception, string sink);

    [LoggerMessage(1009, LogLevel.Critical, "The writer of sink {Sink} failed with {Bodies} unfinished bodies. Their senders keep them.")]
    public static partial void WriterFailed(ILogger logger, Exception exception, string sink, int bodies);
}
