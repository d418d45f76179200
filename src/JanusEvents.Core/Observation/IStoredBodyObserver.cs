namespace JanusEvents.Observation;

/// <summary>Observes stored bodies in the order of storing, each once. Never reaches delivery: what it throws is contained.</summary>
internal interface IStoredBodyObserver
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>Observes a body after the required sinks have stored it. Runs on a thread of delivery, one body at a time.</summary>
    void Observe(ReceivedBody body);
}
