using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Records;

/// <summary>Makes the record of a PeerConnection that ended.</summary>
internal static class CallRecords
{
    /// <summary>The record of one whose end another fold has seen.</summary>
    public static PeerConnectionRecord Of(string? emitter, PeerConnection pc, DateTimeOffset ended, string endEvent, string? reason)
    {
        (pc.EndedAt, pc.EndEvent, pc.Reason) = ((ended - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, endEvent, reason);
        return Of(emitter, pc) with { Ended = ended, EndEvent = endEvent, Reason = reason };
    }

    /// <summary>The record that one would leave that has not ended, if it ended with its last event.</summary>
    public static PeerConnectionRecord Open(string? emitter, PeerConnection pc) => Of(emitter, pc, Math.Max(pc.LastAt, pc.FirstAt), "");

    public static PeerConnectionRecord Of(string? emitter, PeerConnection pc) => Of(emitter, pc, pc.EndedAt, pc.EndEvent!);

    private static PeerConnectionRecord Of(string? emitter, PeerConnection pc, long ended, string endEvent)
    {
        MonitoredHandle handle = pc.Handle;
        long up = pc.UpAt != 0 ? pc.UpAt : pc.IsPartial ? pc.DtlsConnectedAt : 0;
        List<PeerConnectionMedium> media = [.. pc.Media.Select(Of)];
        return new PeerConnectionRecord
        {
            Emitter = emitter,
            Session = handle.Session.Id,
            Handle = handle.Id,
            Number = pc.Number,
            OpaqueId = handle.OpaqueId,
            Plugin = handle.Plugin,
            Room = handle.Room,
            Participant = handle.Participant,
            Display = handle.Display,
            Attached = Time(handle.AttachedAt),
            Offered = Time(pc.OfferedAt),
            Answered = Time(pc.AnsweredAt),
            Connecting = Time(pc.ConnectingAt),
            Connected = Time(pc.IceConnectedAt),
            DtlsConnected = Time(pc.DtlsConnectedAt),
            Up = Time(up),
            FirstMedia = Time(pc.FirstMediaAt),
            Ended = Time(ended)!.Value,
            SetupMs = pc.IsPartial ? null : pc.SetupMs,
            DurationMs = up != 0 ? Math.Max(0, ended - up) / 1000 : null,
            Outcome = OutcomeOf(pc, up != 0),
            EndedBy = EndedBy(pc),
            EndEvent = endEvent,
            Reason = pc.Reason,
            LocalType = pc.LocalType,
            RemoteType = pc.RemoteType,
            Protocol = pc.Protocol,
            Relayed = pc.LocalType is null && pc.RemoteType is null ? null : pc.LocalType == "relay" || pc.RemoteType == "relay",
            IceRestarts = pc.IceRestarts,
            Quality = Rounded(pc.QualityOfAll()),
            QualityWorst = Rounded(pc.QualityOfWorstMinute()),
            Troubles = [.. pc.TroubleCodes ?? []],
            Media = media,
        };
    }

    private static string OutcomeOf(PeerConnection pc, bool isUp)
    {
        if (!isUp)
        {
            bool isFailed = pc.IceFailedAt != 0 || pc.DtlsFailedAt != 0
                || pc.Reason is HangupReasons.IceFailed or HangupReasons.DtlsAlert or HangupReasons.DtlsTimeout or HangupReasons.DtlsError
                    or HangupReasons.DtlsSrtpError or HangupReasons.IceGatheringError or HangupReasons.GatheringError;
            return isFailed ? "failed" : pc.IsPartial ? "partial" : IsRefused(pc) ? "refused" : "abandoned";
        }

        bool isDropped = pc.EndEvent is "timeout" or "restart" or "shutdown" or "forgotten" || pc.Reason == HangupReasons.IceFailed || WasLost(pc)
            || pc.Reason is HangupReasons.DtlsTimeout or HangupReasons.DtlsError or HangupReasons.DtlsSrtpError;
        return isDropped ? "dropped" : "completed";
    }

    // Of the SIP plugin; others give no code.
    private static bool IsRefused(PeerConnection pc) =>
        pc.Handle.LastCode >= 400 && pc.Handle.LastWordAt != 0 && Math.Abs(pc.EndedAt - pc.Handle.LastWordAt) <= 2_000_000;

    // Nothing had come for a while when it ended.
    private static bool WasLost(PeerConnection pc) => pc.Troubles?.Exists(
        t => t.Code is TroubleCodes.MediaLost or TroubleCodes.IceLost && t.EndedBy != TroubleEnd.Recovered && t.EndedAt >= pc.EndedAt) == true;

    private static string EndedBy(PeerConnection pc)
    {
        switch (pc.EndEvent)
        {
            case "restart" or "shutdown":
                return "server";
            case "forgotten":
                return "unknown";
            case "timeout":
                return pc.UpAt == 0 ? "client" : "network";
            case "transport":
                return "client";
        }

        switch (pc.Reason)
        {
            case HangupReasons.DtlsAlert:
                return pc.UpAt == 0 ? "network" : "client";
            case HangupReasons.IceFailed or HangupReasons.DtlsTimeout or HangupReasons.DtlsError or HangupReasons.DtlsSrtpError
                or HangupReasons.IceGatheringError or HangupReasons.GatheringError:
                return "network";
            case HangupReasons.ClosePc:
                return "plugin";
            case HangupReasons.AdminApi:
                return "operator";
            default:
                return WasLost(pc) ? "network" : "client";
        }
    }

    private static PeerConnectionMedium Of(Medium medium)
    {
        ref readonly MediumTotals totals = ref medium.Totals;
        return new PeerConnectionMedium
        {
            Mid = medium.Mid,
            Kind = medium.Kind,
            PacketsIn = totals.Received,
            PacketsOut = totals.Sent,
            BytesIn = totals.BytesReceived,
            BytesOut = totals.BytesSent,
            LostInRaw = totals.LostInRaw,
            LostIn = Math.Max(0, totals.LostIn),
            LostOut = Math.Max(0, totals.LostOut),
            JitterInMs = totals.JitterInWeight == 0 ? null : Math.Round((double)totals.JitterInSum / totals.JitterInWeight, 1),
            JitterInMaxMs = totals.JitterInWeight == 0 ? null : totals.JitterInMax,
            JitterOutMs = totals.JitterOutWeight == 0 ? null : Math.Round((double)totals.JitterOutSum / totals.JitterOutWeight, 1),
            RttMs = totals.RttCount == 0 ? null : Math.Round((double)totals.RttSum / totals.RttCount, 1),
            RttMaxMs = totals.RttCount == 0 ? null : totals.RttMax,
            Nacks = totals.Nacks,
            Stops = totals.Stops,
        };
    }

    private static double? Rounded(double? quality) => quality is { } value ? Math.Round(value, 2) : null;

    private static DateTimeOffset? Time(long microseconds) => microseconds == 0 ? null : TroubleBook.Time(microseconds);
}
