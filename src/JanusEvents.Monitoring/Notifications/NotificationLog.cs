using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>Log messages of troubles and their handlers, without names and addresses of participants. Event ids 1220 to 1229.</summary>
internal static partial class NotificationLog
{
    [LoggerMessage(1220, LogLevel.Warning, "Trouble {Code} ({Severity}) began on server {Emitter}, session {Session}, handle {Handle}. Its id is {Trouble}.")]
    public static partial void TroubleBegan(ILogger logger, string code, TroubleSeverity severity, string emitter, long? session, long? handle, string trouble);

    [LoggerMessage(1221, LogLevel.Information, "Trouble {Code} ({Severity}) ended on server {Emitter}, session {Session}, handle {Handle} after {Duration}: {EndedBy}. Its id is {Trouble}.")]
    public static partial void TroubleEnded(ILogger logger, string code, TroubleSeverity severity, string emitter, long? session, long? handle, TimeSpan duration, TroubleEnd? endedBy, string trouble);

    [LoggerMessage(1222, LogLevel.Warning, "Trouble handler {Handler} failed ({Cause}); {Failures} attempts failed since the last message. Notifications are retried. Logged at most once a minute for each handler.")]
    public static partial void HandlerFailed(ILogger logger, string handler, string cause, long failures);

    [LoggerMessage(1223, LogLevel.Error, "Trouble handler {Handler} did not take {Notifications} notifications within an hour or six attempts each. They were dropped. Logged at most once a minute for each handler.")]
    public static partial void NotificationsDropped(ILogger logger, string handler, long notifications);

    [LoggerMessage(1224, LogLevel.Error, "Webhook {Handler} answered 410 (Gone). It gets no further notifications until the host restarts; remove it from the settings.")]
    public static partial void WebhookGone(ILogger logger, string handler);

    [LoggerMessage(1225, LogLevel.Debug, "Trouble handler {Handler} failed.")]
    public static partial void HandlerFailedWith(ILogger logger, Exception exception, string handler);

    [LoggerMessage(1226, LogLevel.Warning, "Trouble handler {Handler} did not finish before the host stopped. It was abandoned.")]
    public static partial void HandlerLeftBehind(ILogger logger, string handler);

    [LoggerMessage(1227, LogLevel.Critical, "The loop that notifies trouble handler {Handler} failed. It continues in a minute.")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string handler);
}
