using System.Globalization;
using JanusEvents.Health;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;

namespace JanusEvents.RabbitMq.Observation;

/// <summary>Reports the connections to RabbitMQ and their queues, for the health check and the status page.</summary>
internal sealed class RabbitMqHealth(IEnumerable<BrokerState> states) : IHealthSource, IStatusSource
{
    private readonly BrokerState[] _states = [.. states];

    public void Report(HealthFindings findings)
    {
        foreach (BrokerState state in _states)
        {
            BrokerState.Link link = state.Current;
            findings.Data[$"rabbitmq.{state.Role}"] = TextOf(link);
            if (!link.IsConnected)
                findings.Fail($"The RabbitMQ {state.Role} has no connection to the broker ({link.LastError ?? "it has just started"}).");
            if (link.BlockedBy is { } reason)
                findings.Degrade($"The broker blocked the RabbitMQ {state.Role} ({reason}); bodies are held.");
            foreach (QueueState queue in state.Queues)
                Report(findings, queue);
        }
    }

    public void Write(Action<string> line)
    {
        foreach (BrokerState state in _states)
        {
            BrokerState.Link link = state.Current;
            line($"RabbitMQ {state.Role}: {TextOf(link)}{(link.BlockedBy is null ? "" : ", and holds publishers back")}");
            foreach (QueueState queue in state.Queues)
            {
                line($"    {queue.Name}: {WaitingIn(queue)}");
                foreach (string trouble in TroublesOf(queue))
                    line($"    {trouble}");
            }
        }
    }

    private static void Report(HealthFindings findings, QueueState queue)
    {
        if (queue.Messages is { } messages)
            findings.Data[$"rabbitmq.queue.{queue.Name}.messages"] = messages;
        foreach (string trouble in TroublesOf(queue))
            findings.Degrade(trouble);
    }

    private static string TextOf(BrokerState.Link link) => link.IsConnected ? $"connected to {link.Node}" : $"not connected ({link.LastError ?? "it has just started"})";

    private static string WaitingIn(QueueState queue) =>
        queue.Messages is not { } messages ? "not known" : string.Create(CultureInfo.InvariantCulture, $"{messages} {(queue.IsDeadLetters ? "dead letters" : "messages wait")}");

    private static IEnumerable<string> TroublesOf(QueueState queue)
    {
        if (queue is { IsDeadLetters: true, Messages: > 0 and { } dead })
            yield return $"Queue {queue.Name} has {dead} dead letters: bodies that are not stored.";
        if (queue.LastError is { } error)
            yield return $"Queue {queue.Name} cannot be read ({error}).";
        if (queue.GivenBackSince is { } since)
            yield return string.Create(CultureInfo.InvariantCulture, $"The messages of queue {queue.Name} are given back to the broker since {since.UtcDateTime:HH:mm:ss}, until the store works again.");
        if (queue.RecentReturns is > 0 and { } returns)
            yield return $"A message of queue {queue.Name} was returned to it {returns} times.";
        if (queue.Difference is { } difference)
            yield return $"Queue {queue.Name} was declared with other arguments ({difference}).";
    }
}
