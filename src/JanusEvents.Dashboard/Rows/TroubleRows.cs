using System.Text.Json.Nodes;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Dashboard.Rows;

/// <summary>Troubles as rows. Many of one code on one server are one row, so that the page is not full of what is one thing.</summary>
internal static class TroubleRows
{
    private const int MostEvidence = 5;
    private const int GroupedFrom = 20;

    /// <summary>The rows of troubles, the worst first.</summary>
    /// <param name="troubles">The troubles, the worst first.</param>
    /// <param name="texts">What else is done with texts of events.</param>
    /// <param name="isGrouped">Whether many of one code are one row; not where somebody asked for that code.</param>
    public static IEnumerable<(string Id, JsonObject Row)> Of(IEnumerable<Trouble> troubles, RowTexts texts, bool isGrouped)
    {
        foreach (IGrouping<(string Code, string? Emitter), Trouble> group in troubles.GroupBy(t => (t.Code, t.Subject.Emitter)))
        {
            List<Trouble> all = [.. group];
            if (isGrouped && all.Count >= GroupedFrom)
            {
                JsonObject row = Of(all[0], texts);
                row["grouped"] = all.Count;
                row["sentence"] = texts.Clean($"{all.Count} calls on {group.Key.Emitter ?? "a server without a name"} have the same trouble: {TroubleTexts.Of(group.Key.Code).Title}");
                row["began"] = RowText.Of(all.Min(t => t.Began));
                yield return ($"{group.Key.Code} {group.Key.Emitter}", row);
                continue;
            }

            foreach (Trouble trouble in all)
                yield return (trouble.Id, Of(trouble, texts));
        }
    }

    public static JsonObject Of(Trouble trouble, RowTexts texts)
    {
        TroubleSubject subject = trouble.Subject;
        JsonObject row = new()
        {
            ["code"] = trouble.Code,
            ["severity"] = TroubleWords.Of(trouble.Severity),
            ["title"] = TroubleTexts.Of(trouble.Code).Title,
            ["sentence"] = texts.Clean(TroubleTexts.Summary(trouble)),
            ["side"] = trouble.Side,
            ["began"] = RowText.Of(trouble.Began),
            ["confirmed"] = RowText.Of(trouble.Confirmed),
            ["ended"] = RowText.Of(trouble.Ended),
            ["endedBy"] = trouble.EndedBy is { } end ? TroubleWords.Of(end) : null,
            ["count"] = trouble.Count,
            ["emitter"] = subject.Emitter,
            ["session"] = RowText.Of(subject.Session),
            ["handle"] = RowText.Of(subject.Handle),
            ["number"] = subject.Number,
            ["medium"] = subject.Medium,
            ["mid"] = subject.Mid,
            ["plugin"] = subject.Plugin,
            ["room"] = subject.Room,
            ["participant"] = subject.Participant,
            ["display"] = texts.Short(subject.Display),
            ["opaqueId"] = texts.Short(subject.OpaqueId),
            ["grouped"] = 1,
        };
        JsonArray evidence = [];
        foreach (TroubleEvidence sign in trouble.Evidence.Take(MostEvidence))
            evidence.Add((JsonNode)new JsonObject { ["at"] = RowText.Of(sign.At), ["what"] = texts.Clean(sign.What) });
        row["evidence"] = evidence;
        JsonObject numbers = [];
        foreach ((string name, double value) in trouble.Numbers)
            numbers[name] = double.IsFinite(value) ? Math.Round(value, 4) : null;
        row["numbers"] = numbers;
        return row;
    }
}
