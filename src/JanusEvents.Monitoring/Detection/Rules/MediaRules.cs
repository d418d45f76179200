using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Detection.Rules;

/// <summary>Nothing arrives any more: each medium that was received has stopped, and no report shows that the peer lives.</summary>
internal sealed class MediaLost(TroubleAfterOptions options) : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        long first = long.MaxValue, last = 0, resumed = 0;
        bool receives = false;
        foreach (Medium medium in call.Media)
        {
            if (!medium.IsMedia || medium.FirstReceivedAt == 0)
                continue;
            if (medium.StoppedAt == 0)
            {
                receives = true;
                resumed = Math.Max(resumed, medium.ReceivingAgainAt);
            }
            else if (call.RemoteSends(medium) != false)
            {
                (first, last) = (Math.Min(first, medium.StoppedAt), Math.Max(last, medium.StoppedAt));
            }
        }

        if (receives || last == 0)
        {
            check.End(TroubleCodes.MediaLost, resumed == 0 ? check.Now : resumed, null, "client-to-janus");
            return;
        }

        if (check.Has(TroubleCodes.MediaLost) || call.Handle.LeftAt != 0 || !check.Lasts(last, options.After) || LivesSince(call, last))
            return;
        check.Begin(
            TroubleCodes.MediaLost,
            TroubleSeverity.Error,
            first,
            "client-to-janus",
            numbers: call.Rtt > 0 ? new() { ["rttMs"] = call.Rtt } : null,
            signs: Signs(call));
    }

    /// <summary>Whether a report shows that the peer lives; the round just after media stopped may still show what came before.</summary>
    public static bool LivesSince(PeerConnection call, long stopped) => call.LifeAt > stopped + call.Period;

    private static (long At, string What)[] Signs(PeerConnection call) =>
        [.. call.Media.Where(m => m.IsMedia && m.StoppedAt != 0).Select(m => (m.StoppedAt, $"{m.Kind} receiving false"))];
}

/// <summary>A medium has stopped while others flow, or while reports show that the peer lives.</summary>
internal sealed class MediumStopped(TroubleAfterOptions options) : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        foreach (Medium medium in call.Media)
        {
            if (!medium.IsMedia)
                continue;
            if (medium.StoppedAt == 0 || call.RemoteSends(medium) == false || call.Handle.LeftAt != 0)
            {
                check.End(TroubleCodes.MediumStopped, medium.ReceivingAgainAt == 0 ? check.Now : medium.ReceivingAgainAt, medium, "client-to-janus");
                continue;
            }

            if (medium.FirstReceivedAt == 0 || check.HasAny(TroubleCodes.MediaLost, options.After.Ticks / TimeSpan.TicksPerMicrosecond) || check.Find(TroubleCodes.MediumStopped, medium.Mid, "client-to-janus") is not null
                || !check.Lasts(medium.StoppedAt, options.After))
                continue;
            bool othersFlow = call.Media.Exists(m => m.IsMedia && m.IsReceiving);
            if (othersFlow || MediaLost.LivesSince(call, medium.StoppedAt))
                check.Begin(TroubleCodes.MediumStopped, TroubleSeverity.Warning, medium.StoppedAt, "client-to-janus", medium, signs: [(medium.StoppedAt, $"{medium.Kind} receiving false")]);
        }
    }
}

/// <summary>A medium that the peer is to send, by its SDP, has never arrived.</summary>
internal sealed class NeverReceived(TroubleAfterOptions options) : CallRule
{
    private const int WholeRounds = 2;

    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        OpenTrouble? ofCall = check.Find(TroubleCodes.NeverReceived, null, "client-to-janus");
        bool any = false, missing = false;
        long firstReceived = long.MaxValue;
        foreach (Medium medium in call.Media)
        {
            if (!medium.IsMedia)
                continue;
            if (medium.FirstReceivedAt != 0)
            {
                any = true;
                firstReceived = Math.Min(firstReceived, medium.FirstReceivedAt);
                check.End(TroubleCodes.NeverReceived, medium.FirstReceivedAt, medium, "client-to-janus");
            }
            else
            {
                missing |= IsExpected(call, medium);
            }
        }

        if (ofCall is not null)
        {
            if (any || !missing)
                check.End(TroubleCodes.NeverReceived, any ? firstReceived : check.Now, null, "client-to-janus");
            return;
        }

        if (!missing || call.IsPartial || call.Handle.LeftAt != 0 || check.Has(TroubleCodes.MediaLost))
            return;
        if (!any)
        {
            if (check.Lasts(call.UpAt, options.After))
                check.Begin(TroubleCodes.NeverReceived, TroubleSeverity.Error, call.UpAt, "client-to-janus", signs: [(call.UpAt, "up"), (check.Now, "no packet was received")]);
            return;
        }

        foreach (Medium medium in call.Media)
        {
            long since = Math.Max(call.UpAt, medium.FirstAt);
            if (medium.IsMedia && medium.FirstReceivedAt == 0 && IsExpected(call, medium)
                && check.Find(TroubleCodes.NeverReceived, medium.Mid, "client-to-janus") is null && check.Lasts(since, options.After))
                check.Begin(TroubleCodes.NeverReceived, TroubleSeverity.Warning, since, "client-to-janus", medium, signs: [(since, $"{medium.Kind} negotiated"), (check.Now, "no packet of it was received")]);
        }
    }

    private static bool IsExpected(PeerConnection call, Medium medium) =>
        medium.Rounds >= WholeRounds && call.RemoteSends(medium) == true && call.LocalReceives(medium) == true;
}

/// <summary>Janus sends nothing to a peer that is to receive, and nobody upstream is the reason.</summary>
internal sealed class NothingSent(TroubleAfterOptions options) : CallRule
{
    private const int WholeRounds = 2;

    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        long last = 0;
        bool isToSend = false;
        foreach (Medium medium in call.Media)
        {
            if (!medium.IsMedia || call.LocalSends(medium) != true || call.RemoteReceives(medium) != true || medium.Rounds < WholeRounds)
                continue;
            isToSend = true;
            last = Math.Max(last, medium.SentAt);
        }

        OpenTrouble? open = check.Find(TroubleCodes.NothingSent, null, "janus-to-client");
        long since = Math.Max(call.UpAt, last);
        if (open is null && (!isToSend || call.RoundAt <= since))
            return;

        // From the first report without packets on: a reason that has just ended counts as well.
        bool hasReason = isToSend && HasReason(check);
        if (hasReason)
            call.ExcusedAt = check.Now;
        if (!isToSend || hasReason || (open is not null && last > open.ConfirmedAt))
        {
            check.End(TroubleCodes.NothingSent, last > (open?.ConfirmedAt ?? 0) ? last : check.Now, null, "janus-to-client");
            return;
        }

        since = Math.Max(since, call.ExcusedAt);

        // Packets counted by the last round may have been sent at its end.
        if (open is null && call.RoundAt - since >= options.After.Ticks / TimeSpan.TicksPerMicrosecond && check.Lasts(since, options.After))
            check.Begin(TroubleCodes.NothingSent, TroubleSeverity.Warning, since, "janus-to-client", signs: [(since, last == 0 ? "up" : "last packet sent"), (check.Now, "no packet was sent since")]);
    }

    private static bool HasReason(in CallCheck check)
    {
        MonitoredHandle handle = check.Call.Handle;
        if (handle.IsPaused || handle.LeftAt != 0 || check.HasAny(TroubleCodes.MediaLost) || check.HasAny(TroubleCodes.NeverReceived))
            return true;
        switch (handle.Plugin)
        {
            case JanusPlugins.VideoRoom:
                return !Sources.OfVideoRoom(check.Server, handle).Any(Flows);
            case JanusPlugins.VideoCall:
                return handle.Peer is not { } peer || !Flows(peer);
            case JanusPlugins.EchoTest or "janus.plugin.echolua" or "janus.plugin.echojs" or "janus.plugin.lua" or "janus.plugin.duktape":
                return !Flows(handle);
            default:
                return false;
        }
    }

    // Whether something comes in that would have to go out.
    private static bool Flows(MonitoredHandle source) =>
        source is { LeftAt: 0, PeerConnection: { IsUp: true } call }
        && call.Media.Exists(m => m.IsMedia && m.IsReceiving && !(m.Kind == "audio" ? source.AudioOff : source.VideoOff));
}

/// <summary>ICE failed while the PeerConnection was up.</summary>
internal sealed class IceLost : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.IceFailedAt == 0)
            check.End(TroubleCodes.IceLost, check.Now);
        else if (call.IceFailedAt >= call.UpAt && !check.Has(TroubleCodes.IceLost))
            check.Begin(TroubleCodes.IceLost, TroubleSeverity.Error, call.IceFailedAt, signs: [(call.IceFailedAt, "ICE failed")]);
    }
}

/// <summary>Where the media of a handle come from.</summary>
internal static class Sources
{
    public static IEnumerable<MonitoredHandle> OfVideoRoom(MonitoredServer server, MonitoredHandle viewer)
    {
        if (viewer.Feeds is null)
            yield break;
        foreach (string feed in viewer.Feeds)
        {
            if (server.ParticipantOf(viewer.Plugin, viewer.Room, feed)?.Handle is { } publisher)
                yield return publisher;
        }
    }

    /// <summary>Whether a trouble of a source explains one of a viewer.</summary>
    public static bool IsTroubled(MonitoredServer server, MonitoredHandle viewer, string code, long within)
    {
        IEnumerable<MonitoredHandle> sources = viewer.Plugin switch
        {
            JanusPlugins.VideoRoom => OfVideoRoom(server, viewer),
            JanusPlugins.VideoCall when viewer.Peer is { } peer => [peer],
            _ => [],
        };
        foreach (MonitoredHandle source in sources)
        {
            if (source.PeerConnection?.Troubles is { } troubles
                && troubles.Exists(t => t.Code == code && t.Side is "in" or "client-to-janus" && (t.IsOpen || server.Now - t.EndedAt < within)))
                return true;
        }

        return false;
    }
}
