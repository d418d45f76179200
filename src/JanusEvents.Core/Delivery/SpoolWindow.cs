namespace JanusEvents.Delivery;

/// <summary>
/// Registered where there is a spool: for how long it knows a body that comes again, and so for how long a store must.
/// </summary>
internal sealed record SpoolWindow(TimeSpan HashWindow);
