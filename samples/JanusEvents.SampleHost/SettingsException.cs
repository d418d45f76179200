namespace JanusEvents.SampleHost;

/// <summary>A setting that the host cannot start with; the message names the key and what it may be.</summary>
internal sealed class SettingsException(string message) : Exception(message);
