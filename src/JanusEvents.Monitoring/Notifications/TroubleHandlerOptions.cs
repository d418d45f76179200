namespace JanusEvents;

/// <summary>Settings of one handler of troubles.</summary>
public class TroubleHandlerOptions
{
    /// <summary>Its name in log messages; that of its type, <c>AddTroubleWebhook</c> or its key (<c>Webhooks:0</c>) when null.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The least severity that it gets: <see cref="TroubleSeverity.Warning"/> (the default), <see cref="TroubleSeverity.Error"/>
    /// or <see cref="TroubleSeverity.Critical"/>. Troubles of severity <see cref="TroubleSeverity.Info"/> are never notified.
    /// </summary>
    public TroubleSeverity MinSeverity { get; set; } = TroubleSeverity.Warning;
}
