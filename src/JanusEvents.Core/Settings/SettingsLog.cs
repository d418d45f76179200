using Microsoft.Extensions.Logging;

namespace JanusEvents.Settings;

/// <summary>Log messages of settings. Event ids 1100 to 1109.</summary>
internal static partial class SettingsLog
{
    [LoggerMessage(1100, LogLevel.Warning, "Unknown setting {Key} is ignored. Did you mean {Known}?")]
    public static partial void UnknownKey(ILogger logger, string key, string known);
}
