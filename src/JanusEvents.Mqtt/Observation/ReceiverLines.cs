using JanusEvents.Observation;
using Microsoft.Extensions.Options;

namespace JanusEvents.Mqtt.Observation;

/// <summary>The lines of the status page that a Janus needs to publish to the topics of the receiver.</summary>
internal sealed class ReceiverLines(IOptions<MqttReceiverOptions> options) : IStatusSource
{
    private const string ItsName = "(a name of its own)";

    public void Write(Action<string> line)
    {
    }

    public void WriteLinesForJanus(Action<string> line)
    {
        line("or, to send by MQTT, this into its janus.eventhandler.mqttevh.jcfg:");
        line("");
        foreach (string text in JanusConfigurationLines.Mqtt(new Uri(options.Value.Uri!), TopicOf(options.Value.TopicFilters[0]), $"janus-{ItsName}"))
            line($"    {text}");
    }

    /// <summary>A topic of a server that a filter matches.</summary>
    private static string TopicOf(string filter)
    {
        string[] levels = filter.Split('/');
        IEnumerable<string> own = levels[^1] is "+" or "#" or "status" && levels.Length > 1 ? levels[..^1] : levels;
        return string.Join('/', own.Select(level => level is "+" or "#" ? ItsName : level));
    }
}
