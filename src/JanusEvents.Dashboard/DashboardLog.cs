using Microsoft.Extensions.Logging;

namespace JanusEvents.Dashboard;

/// <summary>What the dashboard logs.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The dashboard cannot show {What}: the store cannot be read")]
    public static partial void CannotRead(ILogger logger, string what, Exception exception);
}
