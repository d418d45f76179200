using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>What delivery logs. Event ids 1000 to 1099.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(1000, LogLevel.Warning, "Sink {Sink} could not store {Bodies} bodies (attempt {Attempt}); they wait or their senders keep them.")]
    public static partial void SinkFailed(ILogger logger, Exception exception, string sink, int bodies, int attempt);

    [LoggerMessage(1001, LogLevel.Information, "Sink {Sink} stores again (attempt {Attempt}).")]
    public static partial void SinkRecovered(ILogger logger, string sink, int attempt);
}
