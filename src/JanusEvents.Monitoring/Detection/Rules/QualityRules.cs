using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Detection.Rules;

/// <summary>
/// Many packets of a medium are lost in one direction. Of video, what was sent again in time is not lost; audio that Janus sends is
/// reported in clumps, so that it is judged over a longer time.
/// </summary>
internal sealed class HighLoss(TroubleLimitOptions options) : CallRule
{
    private const double Severe = 0.15;
    private const int LeastPackets = 100;
    private const long AfterPause = 10_000_000;
    private const int LongPeriod = 3_000_000;
    private const int LeastPeriods = 2;

    public override void Check(in CallCheck check)
    {
        if (check.Call.HasOpenRound || check.Call.Rounds == 0)
            return;
        foreach (Medium medium in check.Call.Media)
        {
            if (!medium.IsMedia || medium.Rounds == 0)
                continue;
            Check(check, medium, "in");
            Check(check, medium, "out");
        }
    }

    private void Check(in CallCheck check, Medium medium, string side)
    {
        PeerConnection call = check.Call;
        bool isIn = side == "in";
        OpenTrouble? open = check.Find(TroubleCodes.HighLoss, medium.Mid, side);
        if (open is null && medium.LossyPeriods(isIn) < LeastPeriods)
            return;
        int window = !isIn && medium.Kind == "audio" ? 15_000 : 10_000;
        if (call.Period > LongPeriod)
            window = (int)Math.Max(window, call.Period * 5 / 2 / 1000);
        int now = (int)((call.RoundAt - call.FirstAt) / 1000);
        LossWindow loss = medium.Loss(now - window - 200, isIn);
        if (open is not null)
        {
            if (loss.Share < options.End)
            {
                check.End(TroubleCodes.HighLoss, call.RoundAt, medium, side);
            }
            else if (open.Severity < TroubleSeverity.Error && IsSevere(call, medium, now, isIn))
            {
                check.Worsen(open, TroubleSeverity.Error, Numbers(loss));
            }

            return;
        }

        // A publisher's loss is seen by those who watch, whose lines are well.
        bool isExplained = check.HasAny(TroubleCodes.MediaLost, AfterPause)
            || (isIn ? call.RoundAt - medium.ReceivingAgainAt < AfterPause : call.RoundAt - medium.SendingAgainAt < AfterPause);
        int periods = !isIn && medium.Kind == "audio" ? LeastPeriods : call.Period >= LongPeriod ? LeastPeriods : 3;
        if (isExplained || loss.Packets < LeastPackets || loss.LossyPeriods < periods || loss.Share <= options.Raise)
            return;
        if (!isIn && Sources.IsTroubled(check.Server, call.Handle, TroubleCodes.HighLoss, AfterPause))
            return;
        if (!isIn && Sources.IsTroubled(check.Server, call.Handle, TroubleCodes.MediaLost, AfterPause))
            return;
        check.Begin(
            TroubleCodes.HighLoss,
            IsSevere(call, medium, now, isIn) ? TroubleSeverity.Error : TroubleSeverity.Warning,
            call.FirstAt + (loss.BeganAt * 1000L),
            side,
            medium,
            Numbers(loss),
            signs: [(call.FirstAt + (loss.BeganAt * 1000L), $"{medium.Kind} loses packets"), (check.Now, FormattableString.Invariant($"{loss.Share:P0} lost"))]);
    }

    // Over the last seconds too: what was lost in a moment long ago is not severe now.
    private static bool IsSevere(PeerConnection call, Medium medium, int now, bool isIn)
    {
        int window = call.Period >= LongPeriod ? (int)(call.Period * 2 / 1000) : 7_000;
        LossWindow loss = medium.Loss(now - window - 200, isIn);
        return loss.Share >= Severe && loss.LossyPeriods >= 2;
    }

    private static Dictionary<string, double> Numbers(in LossWindow loss) => new() { ["loss"] = Math.Round(loss.Share, 4), ["packets"] = loss.Packets };
}

/// <summary>The round-trip time is high, in three of the last five rounds with traffic.</summary>
internal sealed class HighRtt : CallRule
{
    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.HasOpenRound || call.RttRounds == 0)
            return;
        int rounds = call.Period >= 3_000_000 ? 2 : 5;
        int needed = call.Period >= 3_000_000 ? 2 : 3;
        if (check.Has(TroubleCodes.HighRtt))
        {
            if ((call.RttOverEnd & ((1 << rounds) - 1)) == 0)
                check.End(TroubleCodes.HighRtt, call.RoundAt);
            return;
        }

        if (System.Numerics.BitOperations.PopCount((uint)(call.RttRaised & ((1 << rounds) - 1))) >= needed
            && !check.HasAny(TroubleCodes.MediaLost, 10_000_000))
            check.Begin(TroubleCodes.HighRtt, TroubleSeverity.Warning, call.RttFirstAt, numbers: new() { ["rttMs"] = call.Rtt }, signs: [(call.RttFirstAt, "round-trip time over the limit")]);
    }
}

/// <summary>
/// The jitter of audio is high, in five of the last six rounds with traffic, or in three of four reports of the peer: three or four
/// seconds of it are common when a machine is busy. Video's says nothing.
/// </summary>
internal sealed class HighJitter : CallRule
{
    public override void Check(in CallCheck check)
    {
        if (check.Call.HasOpenRound)
            return;
        foreach (Medium medium in check.Call.Media)
        {
            if (medium.Kind != "audio")
                continue;
            Check(check, medium, medium.JitterIn, "client-to-janus", 5, 6);
            Check(check, medium, medium.JitterOut, "janus-to-client", 3, 4);
        }
    }

    private static void Check(in CallCheck check, Medium medium, JitterBits jitter, string side, int needed, int of)
    {
        if (jitter.Rounds == 0)
            return;
        PeerConnection call = check.Call;
        bool isLong = call.Period >= 3_000_000;
        if (check.Find(TroubleCodes.HighJitter, medium.Mid, side) is not null)
        {
            if (jitter.OverEnd(isLong ? 2 : of - 1) == 0)
                check.End(TroubleCodes.HighJitter, call.RoundAt, medium, side);
        }
        else if (jitter.Raised(isLong ? 2 : of) >= (isLong ? 2 : needed) && !check.HasAny(TroubleCodes.MediaLost, 10_000_000))
        {
            check.Begin(TroubleCodes.HighJitter, TroubleSeverity.Warning, jitter.FirstAt, side, medium, signs: [(jitter.FirstAt, "audio jitter over the limit")]);
        }
    }
}

/// <summary>Slow links where no statistics come; where they do, they say it better.</summary>
internal sealed class SlowLink : CallRule
{
    private const long Within = 10_000_000;

    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.SlowLinkAt.Last == 0)
            return;
        if (check.Has(TroubleCodes.SlowLink))
        {
            if (check.Lasts(call.SlowLinkAt.Last, TimeSpan.FromSeconds(10)))
                check.End(TroubleCodes.SlowLink, check.Now);
        }
        else if (call.Rounds == 0 && call.SlowLinkAt.Within(Within, out long first))
        {
            check.Begin(TroubleCodes.SlowLink, TroubleSeverity.Warning, first, signs: [(first, "slow link"), (call.SlowLinkAt.Last, "slow link")]);
            check.Lasts(call.SlowLinkAt.Last, TimeSpan.FromSeconds(10));
        }
    }
}

/// <summary>The path changes again and again, or ICE is restarted again and again.</summary>
internal sealed class PathUnstable : CallRule
{
    private static readonly TimeSpan s_wellAfter = TimeSpan.FromSeconds(60);

    public override void Check(in CallCheck check)
    {
        PeerConnection call = check.Call;
        if (call.PairChanges == 0 && call.IceRestarts == 0)
            return;
        long last = Math.Max(call.PairChangedAt.Last, call.IceRestartedAt.Last);
        if (check.Has(TroubleCodes.PathUnstable))
        {
            if (check.Lasts(last, s_wellAfter))
                check.End(TroubleCodes.PathUnstable, check.Now);
            return;
        }

        if ((call.PairChangedAt.Within(30_000_000, out long first) && check.Now - call.PairChangedAt.Last < 30_000_000)
            || (call.IceRestartedAt.Within(300_000_000, out first) && check.Now - call.IceRestartedAt.Last < 60_000_000))
        {
            check.Begin(TroubleCodes.PathUnstable, TroubleSeverity.Warning, first, signs: [(first, "path changed"), (last, "path changed")]);
            check.Lasts(last, s_wellAfter);
        }
    }
}
