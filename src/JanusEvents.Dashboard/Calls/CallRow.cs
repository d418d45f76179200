using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;

namespace JanusEvents.Dashboard.Calls;

/// <summary>The head of the page of a call, the same for one that has ended and one that has not.</summary>
internal static class CallRow
{
    private static readonly (double From, string Word)[] s_words = [(4.0, "good"), (3.6, "fair"), (3.1, "poor"), (0, "bad")];

    public static JsonObject Of(PeerConnectionRecord record, CallState? live, RowTexts texts) => new()
    {
        ["emitter"] = record.Emitter,
        ["session"] = RowText.Of(record.Session),
        ["handle"] = RowText.Of(record.Handle),
        ["number"] = record.Number,
        ["live"] = live is not null,
        ["plugin"] = record.Plugin,
        ["room"] = texts.Short(record.Room),
        ["participant"] = texts.Short(record.Participant),
        ["display"] = texts.Short(record.Display),
        ["opaqueId"] = texts.Short(record.OpaqueId),
        ["attached"] = RowText.Of(record.Attached),
        ["offered"] = RowText.Of(record.Offered),
        ["answered"] = RowText.Of(record.Answered),
        ["connecting"] = RowText.Of(record.Connecting),
        ["connected"] = RowText.Of(record.Connected),
        ["dtlsConnected"] = RowText.Of(record.DtlsConnected),
        ["up"] = RowText.Of(record.Up),
        ["firstMedia"] = RowText.Of(record.FirstMedia),
        ["ended"] = live is null ? RowText.Of(record.Ended) : null,
        ["setupMs"] = record.SetupMs,
        ["durationMs"] = record.DurationMs,
        ["phase"] = live?.Phase,
        ["outcome"] = live is null ? record.Outcome : null,
        ["outcomeSentence"] = live is null ? Sentence(record) : null,
        ["endedBy"] = live is null ? record.EndedBy : null,
        ["endEvent"] = live is null ? record.EndEvent : null,
        ["reason"] = texts.Short(live is null ? record.Reason : null),
        ["localType"] = record.LocalType,
        ["remoteType"] = record.RemoteType,
        ["protocol"] = record.Protocol,
        ["relayed"] = record.Relayed,
        ["iceRestarts"] = record.IceRestarts,
        ["quality"] = record.Quality,
        ["qualityWorst"] = record.QualityWorst,
        ["qualityWord"] = record.QualityWorst is { } worst ? s_words.First(word => worst >= word.From).Word : null,
        ["rttMs"] = live is null or { RttMs: 0 } ? null : live.RttMs,
        ["media"] = new JsonArray([.. record.Media.Select((medium, place) => (JsonNode)Of(medium, live?.Media.ElementAtOrDefault(place)))]),
    };

    private static JsonObject Of(PeerConnectionMedium medium, MediumState? live) => new()
    {
        ["mid"] = medium.Mid,
        ["kind"] = medium.Kind,
        ["packetsIn"] = medium.PacketsIn,
        ["packetsOut"] = medium.PacketsOut,
        ["bytesIn"] = medium.BytesIn,
        ["bytesOut"] = medium.BytesOut,
        ["lostInRaw"] = medium.LostInRaw,
        ["lostIn"] = medium.LostIn,
        ["lostOut"] = medium.LostOut,
        ["jitterInMs"] = medium.JitterInMs,
        ["jitterInMaxMs"] = medium.JitterInMaxMs,
        ["jitterOutMs"] = medium.JitterOutMs,
        ["rttMs"] = medium.RttMs,
        ["rttMaxMs"] = medium.RttMaxMs,
        ["nacks"] = medium.Nacks,
        ["stops"] = medium.Stops,
        ["receiving"] = live?.IsReceiving,
        ["sending"] = live?.IsSending,
    };

    private static string Sentence(PeerConnectionRecord record)
    {
        string how = record.Outcome switch
        {
            "completed" => "It was up and ended in order",
            "dropped" => "It was up and was lost",
            "failed" => "It never came up",
            "abandoned" => "It was given up before it was up",
            "refused" => "The plugin refused it",
            _ => "Too little of it was seen to say how it went",
        };
        string by = record.EndedBy switch
        {
            "client" => "by the client",
            "plugin" => "by the plugin",
            "operator" => "by an administrator",
            "server" => "by the server",
            "network" => "by the network",
            _ => "",
        };
        string end = record.EndEvent switch
        {
            "hangup" => "hang-up",
            "detached" => "its handle was detached",
            "destroyed" => "its session was destroyed",
            "timeout" => "its session timed out",
            "transport" => "its connection to Janus closed",
            "shutdown" => "Janus was shut down",
            "restart" => "Janus started again",
            _ => "nothing more was heard of it",
        };
        string ended = by.Length == 0 ? end : $"{end}, {by}";
        return record.Reason is null ? $"{how} ({ended})." : $"{how} ({ended}: {record.Reason}).";
    }
}
