using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Detection.Rules;

/// <summary>An offer that nobody answers. Where people answer, that is no trouble.</summary>
internal sealed class NoAnswer(TroubleAfterOptions options) : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.OfferedAt == 0 || call.Handle.Plugin is JanusPlugins.Sip or JanusPlugins.NoSip or JanusPlugins.VideoCall)
            return;
        if (call.AnsweredAt != 0)
            check.End(TroubleCodes.NoAnswer, call.AnsweredAt);
        else if (!check.Has(TroubleCodes.NoAnswer) && check.Lasts(call.OfferedAt, options.After))
            check.Begin(TroubleCodes.NoAnswer, TroubleSeverity.Info, call.OfferedAt, signs: [(call.OfferedAt, "offer")]);
    }
}

/// <summary>Both SDPs are there, and no candidate of the peer.</summary>
internal sealed class NoRemoteCandidates(TroubleAfterOptions options) : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.OfferedAt == 0 || call.AnsweredAt == 0)
            return;
        long since = Math.Max(call.OfferedAt, call.AnsweredAt);
        if (call.RemoteCandidateAt != 0)
            check.End(TroubleCodes.NoRemoteCandidates, call.RemoteCandidateAt);
        else if (call.IceConnectedAt != 0)
            check.End(TroubleCodes.NoRemoteCandidates, call.IceConnectedAt);
        else if (call.IceFailedAt == 0 && !check.Has(TroubleCodes.NoRemoteCandidates) && check.Lasts(since, options.After))
            check.Begin(TroubleCodes.NoRemoteCandidates, TroubleSeverity.Warning, since, signs: [(call.OfferedAt, "offer"), (call.AnsweredAt, "answer")]);
    }
}

/// <summary>ICE goes on connecting.</summary>
internal sealed class IceSlow(TroubleAfterOptions options) : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.ConnectingAt == 0)
            return;
        if (call.IceConnectedAt != 0 || call.IceFailedAt != 0)
            check.End(TroubleCodes.IceSlow, Math.Max(call.IceConnectedAt, call.IceFailedAt));
        else if (call.OfferedAt != 0 && call.AnsweredAt != 0 && !check.Has(TroubleCodes.IceSlow)
            && check.Lasts(Math.Max(call.ConnectingAt, Math.Max(call.OfferedAt, call.AnsweredAt)), options.After))
            check.Begin(TroubleCodes.IceSlow, TroubleSeverity.Warning, call.ConnectingAt, signs: [(call.ConnectingAt, "ICE connecting")]);
    }
}

/// <summary>ICE failed before the PeerConnection was up.</summary>
internal sealed class IceFailed : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.IceFailedAt == 0)
        {
            check.End(TroubleCodes.IceFailed, check.Now);
        }
        else if (!check.Has(TroubleCodes.IceFailed))
        {
            check.Begin(
                TroubleCodes.IceFailed,
                TroubleSeverity.Error,
                call.IceFailedAt,
                signs: [(call.ConnectingAt, "ICE connecting"), (call.IceFailedAt, "ICE failed")]);
        }
    }
}

/// <summary>The DTLS handshake is repeated and gets no answer.</summary>
internal sealed class DtlsStalled : CallRule
{
    private const int Repeated = 2;

    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.DtlsConnectedAt != 0)
        {
            check.End(TroubleCodes.DtlsStalled, call.DtlsConnectedAt);
        }
        else if (call.DtlsRetransmissions >= Repeated && !check.Has(TroubleCodes.DtlsStalled))
        {
            check.Begin(
                TroubleCodes.DtlsStalled,
                TroubleSeverity.Warning,
                call.DtlsTryingAt,
                signs: [(call.DtlsTryingAt, "DTLS trying"), (check.Now, "DTLS handshake repeated")]);
        }
    }
}

/// <summary>The set-up took long on Janus's side: from the last word of the peers to being up.</summary>
internal sealed class SetupSlow(TroubleAfterOptions options) : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        long from = call.UpFrom;
        if (call.IsPartial || call.Rounds > 0 || from == 0 || from > call.UpAt || call.TroubleCodes?.Contains(TroubleCodes.SetupSlow) == true)
            return;
        long took = call.UpAt - from;
        if (took <= options.After.Ticks / TimeSpan.TicksPerMicrosecond)
            return;
        check.Begin(
            TroubleCodes.SetupSlow,
            TroubleSeverity.Warning,
            from,
            numbers: new() { ["setupMs"] = took / 1000.0 },
            isMomentary: true,
            signs: [(from, "set-up possible"), (call.UpAt, "up")]);
    }
}
