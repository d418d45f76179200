namespace JanusEvents.Mqtt.Connections;

/// <summary>Whether a Janus is connected to the broker, as far as its messages say.</summary>
/// <param name="Topic">Its topic, without the last level.</param>
/// <param name="Emitter">Its name, from the events on that topic; null before the first.</param>
/// <param name="IsAway">Whether it, or its will, said that it is disconnected, and nothing came since.</param>
/// <param name="Since">Since when this is known.</param>
internal sealed record ServerPresence(string Topic, string? Emitter, bool IsAway, DateTimeOffset Since)
{
    /// <summary>How messages call it.</summary>
    public string Name => Emitter is null || Topic.EndsWith(Emitter, StringComparison.Ordinal) ? Topic : $"{Topic} ({Emitter})";
}
