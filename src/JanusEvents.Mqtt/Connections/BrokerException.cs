namespace JanusEvents.Mqtt.Connections;

/// <summary>The broker did not do what it was asked for. The message says why, and nothing of a body.</summary>
internal sealed class BrokerException(string message) : Exception(message);
