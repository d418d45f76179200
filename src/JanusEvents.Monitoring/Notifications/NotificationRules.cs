namespace JanusEvents.Monitoring.Notifications;

/// <summary>By which rules one handler is notified.</summary>
/// <param name="MinSeverity">The least severity that it gets.</param>
/// <param name="NotifyAfter">How long a trouble of a call is open before its begin is notified.</param>
/// <param name="NotifyServersAfter">The same for a trouble of a server.</param>
/// <param name="MaxBeginsPerMinute">How many begins are notified one by one within a minute.</param>
internal sealed record NotificationRules(TroubleSeverity MinSeverity, TimeSpan NotifyAfter, TimeSpan NotifyServersAfter, int MaxBeginsPerMinute);
