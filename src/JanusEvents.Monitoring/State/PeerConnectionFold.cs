namespace JanusEvents.Monitoring.State;

/// <summary>The changes of a PeerConnection by its events, beside statistics and its end.</summary>
internal static class PeerConnectionFold
{
    public static void Note(PeerConnection pc, JanusEvent e, long at)
    {
        switch (e)
        {
            case JsepEvent jsep:
                Note(pc, jsep, at);
                break;
            case IceStateEvent ice:
                Note(pc, ice, at);
                break;
            case RemoteCandidateEvent:
                if (pc.RemoteCandidateAt == 0)
                    pc.RemoteCandidateAt = at;
                break;
            case SelectedPairEvent pair:
                Note(pc, pair, at);
                break;
            case DtlsEvent dtls:
                Note(pc, dtls, at);
                break;
            case ConnectionEvent { State: ConnectionStates.WebRtcUp } when pc.UpAt == 0:
                (pc.UpAt, pc.UpFrom) = (at, pc.SetupFrom);
                break;
            case MediaStateEvent { Receiving: { } receiving } state when pc.Medium(state.Mid, state.Media, at) is { } medium:
                medium.SetReceiving((int)Math.Clamp(state.Substream ?? 0, 0, 7), receiving, at);
                if (receiving && pc.FirstMediaAt == 0)
                    pc.FirstMediaAt = at;
                break;
            case SlowLinkEvent:
                pc.SlowLinkAt.Add(at);
                break;
        }
    }

    private static void Note(PeerConnection pc, JsepEvent e, long at)
    {
        bool isLocal = e.Owner == JsepOwners.Local;
        bool isOffer = string.Equals(e.SdpType, "offer", StringComparison.OrdinalIgnoreCase);
        bool isAnswer = string.Equals(e.SdpType, "answer", StringComparison.OrdinalIgnoreCase);
        if (isOffer && pc.OfferedAt == 0)
            (pc.OfferedAt, pc.OfferedByJanus) = (at, isLocal);
        if (isAnswer && pc.AnsweredAt == 0)
            pc.AnsweredAt = at;
        if (e.Sdp is null)
            return;

        SdpMedium[] media = SdpMedia.Read(e.Sdp, out bool hasCandidates);
        if (isLocal)
        {
            pc.LocalSdp = media;
        }
        else
        {
            pc.RemoteSdp = media;
            if (hasCandidates && pc.RemoteCandidateAt == 0)
                pc.RemoteCandidateAt = at;
        }
    }

    private static void Note(PeerConnection pc, IceStateEvent e, long at)
    {
        switch (e.State)
        {
            case IceStates.Gathering:
                if (pc.GatheringAt == 0)
                {
                    pc.GatheringAt = at;
                }
                else if (pc.IceConnectedAt != 0)
                {
                    pc.IceRestarts++;
                    pc.IceRestartedAt.Add(at);
                }

                break;
            case IceStates.Connecting:
                if (pc.ConnectingAt == 0)
                    pc.ConnectingAt = at;
                break;
            case IceStates.Connected or IceStates.Ready:
                if (pc.IceConnectedAt == 0)
                    pc.IceConnectedAt = at;
                pc.IceFailedAt = 0;
                break;
            case IceStates.Failed:
                if (pc.IceFailedAt == 0)
                    pc.IceFailedAt = at;
                break;
        }
    }

    private static void Note(PeerConnection pc, SelectedPairEvent e, long at)
    {
        if (pc.PairAt == 0)
        {
            pc.PairAt = at;
        }
        else
        {
            pc.PairChanges++;
            pc.PairChangedAt.Add(at);
        }

        pc.LocalType = e.Local?.Type ?? pc.LocalType;
        pc.RemoteType = e.Remote?.Type ?? pc.RemoteType;
        pc.Protocol = e.Local?.Transport ?? e.Remote?.Transport ?? pc.Protocol;
    }

    private static void Note(PeerConnection pc, DtlsEvent e, long at)
    {
        switch (e.State)
        {
            case DtlsStates.Trying:
                if (pc.DtlsTryingAt == 0)
                    pc.DtlsTryingAt = at;
                pc.DtlsRetransmissions = (int)Math.Clamp(e.Retransmissions ?? 0, 0, 1_000);
                break;
            case DtlsStates.Connected:
                if (pc.DtlsConnectedAt == 0)
                    pc.DtlsConnectedAt = at;
                break;
            case DtlsStates.Failed:
                pc.DtlsFailedAt = at;
                break;
        }
    }
}
