using System.Globalization;
using JanusEvents.Dashboard.Views;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.Dashboard.Queries;

/// <summary>Which records a request asks for.</summary>
internal sealed record RecordRequest(
    PeerConnectionQuery Query, double? MaxQuality, string? Trouble, string Sort, PeerConnectionGrouping Grouping, int Limit, RecordPosition? After)
{
    private const int DefaultLimit = 200;
    private const int MostShown = 1_000;

    public static RecordRequest Of(IQueryCollection query)
    {
        int limit = int.TryParse(ViewKey.Value(query, "limit"), NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Clamp(asked, 1, MostShown) : DefaultLimit;
        bool hasEmitter = query.ContainsKey("emitter") && (ViewKey.Value(query, "emitter") is not null || ViewKey.Value(query, "noEmitter") is not null);
        return new RecordRequest(
            new PeerConnectionQuery
            {
                From = Time(query, "from"),
                To = Time(query, "to"),
                Emitter = hasEmitter ? ViewKey.Value(query, "emitter") ?? "" : null,
                Plugin = ViewKey.Value(query, "plugin"),
                Room = ViewKey.Value(query, "room"),
                Outcome = ViewKey.Value(query, "outcome"),
                Reason = ViewKey.Value(query, "reason"),
                Participant = ViewKey.Value(query, "participant"),
                OpaqueId = ViewKey.Value(query, "opaqueId"),
                Order = EventOrder.NewestFirst,
            },
            double.TryParse(ViewKey.Value(query, "maxQuality"), NumberStyles.Float, CultureInfo.InvariantCulture, out double quality) ? quality : null,
            ViewKey.Value(query, "trouble"),
            ViewKey.Value(query, "sort") ?? "ended",
            ViewKey.Value(query, "by") switch
            {
                "server" => PeerConnectionGrouping.Server,
                "plugin" => PeerConnectionGrouping.Plugin,
                "room" => PeerConnectionGrouping.Room,
                "outcome" => PeerConnectionGrouping.Outcome,
                "hour" => PeerConnectionGrouping.Hour,
                _ => PeerConnectionGrouping.None,
            },
            limit,
            RecordPosition.Parse(ViewKey.Value(query, "after")));
    }

    /// <summary>Whether records are shown in the order in which the store reads them, the newest end first.</summary>
    public bool IsByEnd => Sort is not ("setup" or "duration" or "quality");

    /// <summary>Whether a record has what no query can ask for.</summary>
    public bool Has(PeerConnectionRecord record) =>
        (MaxQuality is null || record.QualityWorst <= MaxQuality) && (Trouble is null || record.Troubles.Contains(Trouble, StringComparer.Ordinal));

    public static DateTimeOffset? Time(IQueryCollection query, string name) =>
        DateTimeOffset.TryParse(ViewKey.Value(query, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at) ? at : null;
}
