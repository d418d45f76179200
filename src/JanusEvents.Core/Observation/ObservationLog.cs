using Microsoft.Extensions.Logging;

namespace JanusEvents.Observation;

/// <summary>What observation logs. Event ids 1200 to 1299.</summary>
internal static partial class ObservationLog
{
    [LoggerMessage(1200, LogLevel.Warning, "An observer ({Observer}) threw an exception, which changes nothing of what is stored. Further ones of it are not logged.")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, string observer);
}
