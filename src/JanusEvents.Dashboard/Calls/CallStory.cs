using System.Text.Json;
using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Events;

namespace JanusEvents.Dashboard.Calls;

/// <summary>
/// The events of a PeerConnection in their order: candidates, session descriptions, statistics as points, and all others as they are.
/// A past call is read once, a live one goes on.
/// </summary>
internal sealed class CallStory(RowTexts texts)
{
    private const int MostEvents = 500;
    private const int MostCandidates = 200;
    private const int MostSdps = 40;

    private readonly List<JsonObject> _candidates = [];
    private readonly List<JsonObject> _sdps = [];
    private readonly List<JsonObject> _events = [];
    private readonly Dictionary<string, MediumPoints> _points = new(StringComparer.Ordinal);
    private int _candidatesWritten;
    private int _sdpsWritten;
    private int _eventsWritten;

    /// <summary>How many events are not among those that are shown.</summary>
    public long NotShown { get; set; }

    /// <summary>The path that was selected last, as Janus tells it.</summary>
    public string? SelectedPair { get; private set; }

    public void Add(JanusEvent e)
    {
        if (e.Timestamp is not { } time)
            return;
        long at = time.ToUnixTimeMilliseconds();
        if (e is MediaStatsEvent statistics)
        {
            string medium = statistics.Mid ?? KindOf(statistics.Media);
            if (!_points.TryGetValue(medium, out MediumPoints? points))
            {
                if (_points.Count == 64)
                    return;
                _points.Add(medium, points = new MediumPoints());
            }

            points.Add(statistics, at);
            return;
        }

        switch (e)
        {
            case LocalCandidateEvent local:
                AddCandidate(time, "local", local.Candidate);
                break;
            case RemoteCandidateEvent remote:
                AddCandidate(time, "remote", remote.Candidate);
                break;
            case SelectedPairEvent pair:
                SelectedPair = texts.Clean(EventWords.Of(pair));
                break;
            case JsepEvent jsep when !texts.HidesSdp && _sdps.Count < MostSdps:
                _sdps.Add(new JsonObject { ["at"] = RowText.Of(time), ["owner"] = jsep.Owner, ["type"] = jsep.SdpType, ["sdp"] = texts.Clean(jsep.Sdp) });
                break;
        }

        if (_events.Count >= MostEvents)
        {
            NotShown++;
            return;
        }

        _events.Add(new JsonObject
        {
            ["n"] = _events.Count + 1,
            ["at"] = RowText.Of(time),
            ["type"] = (int)e.Type,
            ["kind"] = EventKinds.Of(e).Name,
            ["text"] = texts.Clean(EventWords.Of(e)),
            ["json"] = texts.Json(e),
        });
    }

    /// <summary>Closes the statistics of which no more can come.</summary>
    public void CloseBefore(DateTimeOffset time)
    {
        foreach (MediumPoints points in _points.Values)
            points.CloseBefore(time.ToUnixTimeMilliseconds());
    }

    /// <summary>Whether there is something that was not written yet.</summary>
    public bool HasNew =>
        _candidatesWritten < _candidates.Count || _sdpsWritten < _sdps.Count || _eventsWritten < _events.Count || _points.Values.Any(p => p.HasNew);

    /// <summary>Writes everything, or what was not written yet.</summary>
    public void Write(Utf8JsonWriter writer, bool all)
    {
        Write(writer, "candidates", _candidates, ref _candidatesWritten, all);
        Write(writer, "sdps", _sdps, ref _sdpsWritten, all);
        Write(writer, "events", _events, ref _eventsWritten, all);
        writer.WriteStartObject("points");
        foreach ((string medium, MediumPoints points) in _points)
        {
            if (!all && !points.HasNew)
                continue;
            writer.WritePropertyName(medium);
            points.Write(writer, all);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, List<JsonObject> rows, ref int written, bool all)
    {
        writer.WriteStartArray(name);
        for (int i = all ? 0 : written; i < rows.Count; i++)
            rows[i].WriteTo(writer);
        writer.WriteEndArray();
        written = rows.Count;
    }

    private static string KindOf(string? media) => media switch
    {
        null => "unknown",
        _ when media.StartsWith("video", StringComparison.Ordinal) => "video",
        _ => media,
    };

    // candidate:foundation component protocol priority address port typ type
    private void AddCandidate(DateTimeOffset at, string side, string? candidate)
    {
        if (candidate is null || _candidates.Count >= MostCandidates)
            return;
        string[] parts = candidate.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int type = Array.IndexOf(parts, "typ");
        _candidates.Add(new JsonObject
        {
            ["at"] = RowText.Of(at),
            ["side"] = side,
            ["text"] = texts.Clean(candidate),
            ["type"] = type >= 0 && type + 1 < parts.Length ? parts[type + 1] : null,
            ["protocol"] = parts.Length > 2 ? parts[2].ToLowerInvariant() : null,
            ["address"] = parts.Length > 5 ? texts.Clean($"{parts[4]}:{parts[5]}") : null,
        });
    }
}
