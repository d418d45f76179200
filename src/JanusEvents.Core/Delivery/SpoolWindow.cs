namespace JanusEvents.Delivery;

/// <summary>
/// Registered where there is a spool: for how long it recognises duplicates, and so for how long a store must.
/// </summary>
internal sealed record SpoolWindow(TimeSpan HashWindow);
