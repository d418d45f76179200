using System.Text.Json.Nodes;

namespace JanusEvents.Dashboard.Rows;

/// <summary>Calls that have not ended as rows. Remembers the byte counts of those that are shown, to tell how much flows.</summary>
internal sealed class CallRows(RowTexts texts)
{
    private const int MostRemembered = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<CallKey, Counted> _counted = [];

    public IEnumerable<(string Id, JsonObject Row)> Of(IEnumerable<CallState> calls)
    {
        foreach (CallState call in calls)
            yield return (RowText.Of(call.Key), Of(call));
    }

    public JsonObject Of(CallState call)
    {
        (double? bitsIn, double? bitsOut) = Rates(call);
        return new JsonObject
        {
            ["emitter"] = call.Key.Emitter,
            ["session"] = RowText.Of(call.Key.Session),
            ["handle"] = RowText.Of(call.Key.Handle),
            ["number"] = call.Key.Number,
            ["plugin"] = call.Plugin,
            ["room"] = texts.Short(call.Room),
            ["participant"] = texts.Short(call.Participant),
            ["display"] = texts.Short(call.Display),
            ["opaqueId"] = texts.Short(call.OpaqueId),
            ["began"] = RowText.Of(call.Began),
            ["up"] = RowText.Of(call.Up),
            ["setupMs"] = call.SetupMs,
            ["phase"] = call.Phase,
            ["rttMs"] = call.RttMs == 0 ? null : call.RttMs,
            ["lossIn"] = call.Media.Count == 0 ? null : RowText.Share(call.Media.Max(m => m.LossIn)),
            ["lossOut"] = call.Media.Count == 0 ? null : RowText.Share(call.Media.Max(m => m.LossOut)),
            ["bpsIn"] = bitsIn,
            ["bpsOut"] = bitsOut,
            ["media"] = MediaOf(call),
            ["troubles"] = new JsonArray([.. call.Troubles.Distinct().Select(code => (JsonNode)JsonValue.Create(code))]),
            ["severity"] = RowText.Of(call.Severity),
        };
    }

    public static JsonArray MediaOf(CallState call)
    {
        JsonArray media = [];
        foreach (MediumState medium in call.Media)
        {
            media.Add((JsonNode)new JsonObject
            {
                ["mid"] = medium.Mid,
                ["kind"] = medium.Kind,
                ["receiving"] = medium.IsReceiving,
                ["sending"] = medium.IsSending,
                ["lossIn"] = RowText.Share(medium.LossIn),
                ["lossOut"] = RowText.Share(medium.LossOut),
            });
        }

        return media;
    }

    // Bits a second between the last two statistics that were seen here.
    private (double? In, double? Out) Rates(CallState call)
    {
        if (call.MeasuredAt is not { } at)
            return (null, null);
        long bytesIn = call.Media.Sum(m => m.BytesIn), bytesOut = call.Media.Sum(m => m.BytesOut);
        lock (_gate)
        {
            if (_counted.Count > MostRemembered)
                _counted.Clear();
            if (!_counted.TryGetValue(call.Key, out Counted? last) || at < last.At)
            {
                _counted[call.Key] = new Counted(at, bytesIn, bytesOut, null, null);
                return (null, null);
            }

            double seconds = (at - last.At).TotalSeconds;
            if (seconds > 0.5)
                _counted[call.Key] = last = new Counted(at, bytesIn, bytesOut, Rate(bytesIn - last.In, seconds), Rate(bytesOut - last.Out, seconds));
            return (last.RateIn, last.RateOut);
        }
    }

    private static double Rate(long bytes, double seconds) => Math.Round(Math.Max(0, bytes) * 8 / seconds / 100) * 100;

    private sealed record Counted(DateTimeOffset At, long In, long Out, double? RateIn, double? RateOut);
}
