namespace JanusEvents.EmbeddedHost;

/// <summary>A PeerConnection that is up.</summary>
/// <param name="Emitter">The server.</param>
/// <param name="Session">The session.</param>
/// <param name="Handle">The handle.</param>
/// <param name="Since">When it came up, by the server's clock.</param>
internal sealed record Call(string? Emitter, long? Session, long? Handle, DateTimeOffset? Since);
