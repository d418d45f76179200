using Microsoft.Extensions.Logging;

namespace JanusEvents.Observation;

/// <summary>Log messages of observation. Event ids 1200 to 1299.</summary>
internal static partial class ObservationLog
{
    [LoggerMessage(1200, LogLevel.Warning, "Observer {Observer} threw an exception. Storing is not affected. Further exceptions of this observer are not logged.")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, string observer);
}
