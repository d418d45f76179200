namespace JanusEvents.Monitoring.Notifications;

/// <summary>A handler that code added.</summary>
/// <param name="Name">How messages call it.</param>
/// <param name="MinSeverity">The least severity that it gets.</param>
/// <param name="Resolve">Takes it from the services.</param>
internal sealed record TroubleHandlerRegistration(string Name, TroubleSeverity MinSeverity, Func<IServiceProvider, IJanusTroubleHandler> Resolve);
