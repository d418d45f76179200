namespace JanusEvents.Observation;

/// <summary>The events received from one server.</summary>
/// <param name="Emitter">
/// Its name (<see cref="JanusEvent.Emitter"/>), cut to <see cref="Intake.LongestEmitter"/> characters; null for events that
/// name none.
/// </param>
/// <param name="FirstAt">When the first body of it came.</param>
/// <param name="LastAt">When the last body of it came.</param>
/// <param name="RemoteAddress">Where the last body of it came from, where that is known.</param>
/// <param name="Bodies">How many bodies had events of it, duplicates included.</param>
/// <param name="Events">How many events of it these had.</param>
internal sealed record EmitterIntake(
    string? Emitter,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    string? RemoteAddress,
    long Bodies,
    long Events);
