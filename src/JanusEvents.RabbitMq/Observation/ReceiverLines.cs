using JanusEvents.Observation;
using JanusEvents.RabbitMq.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents.RabbitMq.Observation;

/// <summary>The lines of the status page that a Janus needs to publish to the queue of the receiver.</summary>
internal sealed class ReceiverLines(IOptions<RabbitMqReceiverOptions> options) : IStatusSource
{
    public void Write(Action<string> line)
    {
    }

    public void WriteLinesForJanus(Action<string> line)
    {
        if (!BrokerAddress.TryParse(options.Value.Uri, out BrokerAddress? address))
            return;

        line("or, to send by RabbitMQ, this into its janus.eventhandler.rabbitmqevh.jcfg:");
        line("");
        foreach (string text in JanusConfigurationLines.RabbitMq(address.First, options.Value.Queue, options.Value.Exchange))
            line($"    {text}");
    }
}
