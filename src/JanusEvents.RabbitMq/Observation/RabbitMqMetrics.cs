using System.Diagnostics.Metrics;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;

namespace JanusEvents.RabbitMq.Observation;

/// <summary>The instruments of the connections to RabbitMQ and of their queues.</summary>
internal sealed class RabbitMqMetrics
{
    private const string Queue = "janus_events.queue";
    private const string Role = "janus_events.role";

    private readonly BrokerState[] _states;

    public RabbitMqMetrics(JanusEventsMeter meter, IEnumerable<BrokerState> states)
    {
        _states = [.. states];
        Meter m = meter.Meter;
        m.CreateObservableGauge("janus_events.rabbitmq.connected", () => OfRoles(state => state.Current.IsConnected ? 1 : 0), "{connection}", "Whether the connection to the broker is open: 1, otherwise 0.");
        m.CreateObservableGauge("janus_events.rabbitmq.blocked", () => OfRoles(state => state.Current.BlockedBy is null ? 0 : 1), "{connection}", "Whether the broker holds back publishers, so that bodies are held: 1, otherwise 0.");
        m.CreateObservableCounter("janus_events.rabbitmq.publish.failures", () => OfRoles(state => state.FailedPublishes), "{message}", "Messages that the broker refused, returned or did not confirm in time. They are retried.");
        m.CreateObservableUpDownCounter("janus_events.rabbitmq.messages", () => OfQueues(queue => queue.Messages), "{message}", "Messages that wait in a queue, as the broker said last. In the queue of dead letters: bodies that are not stored.");
        m.CreateObservableCounter("janus_events.rabbitmq.redelivered", () => OfQueues(queue => queue.Redelivered), "{message}", "Messages that the broker delivered again.");
        m.CreateObservableCounter("janus_events.rabbitmq.given_back", () => OfQueues(queue => queue.GivenBack), "{time}", "How often the messages of a queue were given back to the broker, since the store was away.");
    }

    private IEnumerable<Measurement<long>> OfRoles(Func<BrokerState, long> value) =>
        _states.Select(state => new Measurement<long>(value(state), new KeyValuePair<string, object?>(Role, state.Role)));

    private IEnumerable<Measurement<long>> OfQueues(Func<QueueState, long?> value) =>
        from queue in _states.SelectMany(state => state.Queues).DistinctBy(queue => queue.Name)
        let measured = value(queue)
        where measured is not null
        select new Measurement<long>(measured.Value, new KeyValuePair<string, object?>(Queue, queue.Name));
}
