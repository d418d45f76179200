using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Detection.Rules;

namespace JanusEvents.Monitoring.Detection;

/// <summary>
/// Finds troubles: asks the rules whenever something changes, and tells those who want to know. Only the first broken layer speaks:
/// while a server is in trouble, its calls are silent, and while media are lost, their quality is.
/// </summary>
internal sealed class TroubleDetector : IStateWatch
{
    private readonly ServerRules _servers;
    private readonly CallRule[] _setupRules;
    private readonly CallRule[] _callRules;
    private readonly EndRules _ends;
    private readonly TroubleBook _book;

    public TroubleDetector(TroublesOptions options, TroubleBook book)
    {
        _book = book;
        _servers = new ServerRules(options, book);
        _ends = new EndRules(options, book);
        _setupRules = Enabled(
            (options.IceFailed, new IceFailed()),
            (options.NoAnswer, new NoAnswer(options.NoAnswer)),
            (options.NoRemoteCandidates, new NoRemoteCandidates(options.NoRemoteCandidates)),
            (options.IceSlow, new IceSlow(options.IceSlow)),
            (options.DtlsStalled, new DtlsStalled()),
            (options.PathUnstable, new PathUnstable()));
        _callRules = Enabled(
            (options.IceLost, new IceLost()),
            (options.SetupSlow, new SetupSlow(options.SetupSlow)),
            (options.MediaLost, new MediaLost(options.MediaLost)),
            (options.NeverReceived, new NeverReceived(options.NeverReceived)),
            (options.MediumStopped, new MediumStopped(options.MediumStopped)),
            (options.NothingSent, new NothingSent(options.NothingSent)),
            (options.HighLoss, new HighLoss(options.HighLoss)),
            (options.HighRtt, new HighRtt()),
            (options.HighJitter, new HighJitter()),
            (options.SlowLink, new SlowLink()),
            (options.PathUnstable, new PathUnstable()));
    }

    public void Check(MonitoredServer server, PeerConnection pc)
    {
        // Nothing can be told of a silent server, nor of a part of a call that was read whole since.
        if (EndRules.IsDark(server) || pc.Handle.PeerConnection != pc)
            return;
        CallCheck check = new(_book, server, pc);
        foreach (CallRule rule in pc.UpAt == 0 ? _setupRules : _callRules)
            rule.Check(check);
        if (pc.UpAt != 0 && pc.Troubles is not null)
            EndSetup(check);
    }

    public void Finished(MonitoredServer server, PeerConnection pc)
    {
        _ends.Finished(server, pc);
        if (pc.Troubles is not null)
        {
            foreach (OpenTrouble trouble in pc.Troubles.FindAll(t => t.IsOpen))
            {
                _book.End(trouble, Math.Max(pc.EndedAt, trouble.ConfirmedAt), EndRules.EndOf(pc.EndEvent!));
            }
        }

        _servers.Finished(server, pc);
        _book.Ended(server, pc);
    }

    public void Continued(MonitoredServer server, PeerConnection whole, PeerConnection partial)
    {
        foreach (string code in partial.TroubleCodes ?? [])
            TroubleBook.NoteCode(whole, code);
        foreach (OpenTrouble trouble in (partial.Troubles ?? []).Where(t => t.IsOpen))
        {
            // The same one, with the begin that this host did not see.
            if (TroubleBook.Find(whole.Troubles, trouble.Code, trouble.Subject.Mid, trouble.Side) is not null)
                _book.End(trouble, Math.Max(server.Now, trouble.ConfirmedAt), TroubleEnd.Unknown);
            else
                (whole.Troubles ??= []).Add(trouble);
        }
    }

    public void Detached(MonitoredServer server, MonitoredHandle handle, long at, string word) => _servers.Detached(server, handle, at, word);

    public void Forgotten(MonitoredServer server, long at) => _servers.Forgotten(server, at);

    public void SessionTimedOut(MonitoredServer server, MonitoredSession session, long at, PeerConnection? up) =>
        _servers.SessionTimedOut(server, session, at, up);

    public void ConnectionClosed(MonitoredServer server, MonitoredSession session, PeerConnection? up) =>
        _servers.ConnectionClosed(server, session, up);

    public void Restarted(MonitoredServer server, long at, int lost) => _servers.Restarted(server, at, lost);

    public void Started(MonitoredServer server, long at) => _servers.Started(server, at);

    public void Stopped(MonitoredServer server, long at, int lost, long? signal) => _servers.Stopped(server, at, lost, signal);

    public void NameShared(MonitoredServer server, long at, string sign) => _servers.NameShared(server, at, sign);

    public void PluginSaid(MonitoredServer server, MonitoredHandle handle, PluginWord word, long at) =>
        _servers.PluginSaid(server, handle, word, at);

    public void Heard(MonitoredServer server) => _servers.Heard(server);

    public void Tick(MonitoredServer server, long now) => _servers.Tick(server, now);

    // Troubles of the set-up are over once the PeerConnection is up.
    private static void EndSetup(CallCheck check)
    {
        foreach (OpenTrouble trouble in check.Call.Troubles!.FindAll(t => t.IsOpen))
        {
            if (trouble.Code is TroubleCodes.IceFailed or TroubleCodes.IceSlow or TroubleCodes.DtlsStalled or TroubleCodes.NoAnswer or TroubleCodes.NoRemoteCandidates)
                check.End(trouble.Code, Math.Max(check.Call.UpAt, trouble.ConfirmedAt));
        }
    }

    private static CallRule[] Enabled(params (TroubleOptions Options, CallRule Rule)[] rules) =>
        [.. rules.Where(r => r.Options.Enabled).Select(r => r.Rule)];
}
