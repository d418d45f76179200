using JanusEvents.Observation;

namespace JanusEvents.Monitoring.State;

/// <summary>Totals of a server, as far as it reported them.</summary>
/// <param name="Emitter">Its name, as in <see cref="EmitterIntake.Emitter"/>.</param>
/// <param name="Sessions">Sessions that are open.</param>
/// <param name="Handles">Handles that are attached.</param>
/// <param name="PeerConnections">PeerConnections that are up.</param>
/// <param name="Speaks">
/// Whether it must be heard again within seconds, as long as it lives: it has PeerConnections of which statistics come, or
/// sends its counters from time to time.
/// </param>
internal sealed record ServerFigures(string? Emitter, int Sessions, int Handles, int PeerConnections, bool Speaks);
