using Microsoft.Extensions.Logging;

namespace JanusEvents.Dashboard;

/// <summary>The log messages of the dashboard.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(5000, LogLevel.Warning, "The dashboard cannot show {What}: the store cannot be read.")]
    public static partial void CannotRead(ILogger logger, string what, Exception exception);
}
