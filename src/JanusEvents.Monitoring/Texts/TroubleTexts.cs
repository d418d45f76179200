using System.Collections.Frozen;

namespace JanusEvents;

/// <summary>Explains troubles: a title, the meaning, likely causes and advice for each code, and a summary of a single trouble.</summary>
public static class TroubleTexts
{
    private static readonly FrozenDictionary<string, TroubleText> s_texts = new Dictionary<string, TroubleText>(StringComparer.Ordinal)
    {
        [TroubleCodes.ServerRestarted] = new(
            "Server restarted",
            "Janus started again without having announced a shutdown; every call that it had is lost.",
            ["The process crashed.", "It was killed: out of memory, kill -9, or a container that was replaced."],
            ["Look for a core dump, and for the out-of-memory killer in the kernel's log.", "Compare the time with deployments and container restarts."]),
        [TroubleCodes.ServerSilent] = new(
            "Server silent",
            "No event arrives from a server that sent events regularly.",
            ["The server or its machine is down.", "The network between Janus and this host is interrupted.", "The event handler of Janus was turned off."],
            ["Check that the Janus process runs and answers.", "Check that this host is reachable from it at the address of the event handler (backend)."]),
        [TroubleCodes.ServerStopped] = new(
            "Server stopped with calls",
            "Janus was shut down while PeerConnections were up; they ended with it.",
            ["A deployment or an administrator stopped it.", "The service manager stopped it."],
            ["Drain a server before it is stopped: send new calls elsewhere and wait until its PeerConnections have ended."]),
        [TroubleCodes.EventsLate] = new(
            "Events late",
            "The events of a server arrive more than five seconds after they happened.",
            ["This host or its database is slow.", "The queue of Janus's event handler is long after an outage.", "The network between Janus and this host is slow."],
            ["Look at the duration of the sink's writes (janus_events.sink.duration) and at the queue (janus_events.queue.length).", "Use the spool, so that a slow database does not delay the answer."]),
        [TroubleCodes.ClockSkew] = new(
            "Clock skew",
            "The clock of the server differs from the clock of this host.",
            ["The time of one of them is not synchronized."],
            ["Run an NTP client on both, and check its state (timedatectl, chronyc tracking)."]),
        [TroubleCodes.ServerNameShared] = new(
            "Server name shared",
            "Events with the same server name arrive from more than one address, so that the state of two servers is mixed.",
            ["Several servers have no server_name and use the default MyJanusInstance.", "A configuration was copied to another server."],
            ["Give each Janus a server_name of its own in janus.jcfg."]),
        [TroubleCodes.ManySetupsFailing] = new(
            "Many set-ups failing",
            "A large part of a server's set-ups failed in the last minutes.",
            ["The media ports of the server are blocked, or its public address changed.", "The TURN server is down.", "A release of the client is broken."],
            ["Compare the codes of the single troubles: ice-failed points at the network, dtls-failed at middleboxes or clients.", "Make a test call to that server and to another one."]),
        [TroubleCodes.SessionLost] = new(
            "Session lost",
            "Janus ended a session because no request came for session_timeout, although one of its PeerConnections was up.",
            ["The client is gone: closed, crashed, or without network.", "The keep-alives stopped, for example because the browser throttled a tab in the background.", "A proxy closed the connection to Janus."],
            ["Look for other troubles of the same client at the same time.", "If it happens to many clients, check the proxy's time-outs and that keep-alives are sent at least every 30 seconds."]),
        [TroubleCodes.SessionForgotten] = new(
            "Session timed out without a call",
            "Janus ended a session by time-out after its last PeerConnection had ended.",
            ["The client did not destroy its session."],
            ["Nothing needs to be done; a client should send destroy when it leaves."]),
        [TroubleCodes.TransportLost] = new(
            "Connection to Janus lost",
            "The WebSocket of a session closed while a PeerConnection was up.",
            ["The user closed the tab or the browser.", "The network of the client was interrupted.", "A proxy or load balancer restarted, if it happens to many at once."],
            ["If it happens to many at once, check the proxies in front of Janus.", "A client can claim its session again over a new WebSocket."]),
        [TroubleCodes.NoAnswer] = new(
            "No answer",
            "An offer had no answer for a minute.",
            ["The peer did not accept.", "The client failed between the offer and its answer."],
            ["Look at the client's console for an error of setRemoteDescription or createAnswer."]),
        [TroubleCodes.NoRemoteCandidates] = new(
            "No candidates from the peer",
            "Offer and answer are exchanged, but the peer sent no ICE candidate.",
            ["The client does not send its trickle requests.", "The browser may use no network interface: a policy, an extension or a VPN forbids it."],
            ["Check that the client sends candidates, or waits for all of them before it sends its SDP."]),
        [TroubleCodes.IceSlow] = new(
            "ICE slow",
            "ICE has been connecting for more than five seconds: browser and Janus have not found a path for media.",
            ["The UDP ports of Janus (rtp_port_range) are closed.", "The public address of Janus is missing or wrong (nat_1_1_mapping).", "The client's network allows TCP only, and there is no TURN server.", "Trickling was never finished."],
            ["Compare both candidate lists: does Janus have a public address, and the peer more than private or .local ones?", "Open the port range, set the mapping, or offer TURN."]),
        [TroubleCodes.IceFailed] = new(
            "ICE failed",
            "Browser and Janus found no path for media; the call was never connected.",
            ["The UDP ports of Janus (rtp_port_range) are closed.", "The public address of Janus is missing or wrong (nat_1_1_mapping).", "The client's network allows TCP only, and there is no TURN server.", "Trickling was never finished."],
            ["Compare both candidate lists: does Janus have a public address, and the peer more than private or .local ones?", "Open the port range, set the mapping, or offer TURN."]),
        [TroubleCodes.DtlsStalled] = new(
            "DTLS stalled",
            "The path is found, but the DTLS handshake gets no answer.",
            ["A middlebox drops DTLS or large packets.", "The peer does not bundle its media.", "Both peers have the same DTLS role.", "A native client has a wrong clock or an unsupported cipher."],
            ["Try a smaller dtls_mtu in Janus.", "Handshake retries 1, 2, 4 and 8 seconds apart mean that nothing comes back at all."]),
        [TroubleCodes.DtlsFailed] = new(
            "DTLS failed",
            "The path was found, but the DTLS handshake failed; the call was never connected.",
            ["A middlebox drops DTLS or large packets.", "The peer does not bundle its media.", "Both peers have the same DTLS role.", "A native client has a wrong clock or an unsupported cipher."],
            ["Try a smaller dtls_mtu in Janus.", "Read the reason of the hangup: a time-out points at the network, an error at the client."]),
        [TroubleCodes.SetupFailed] = new(
            "Set-up failed in Janus",
            "Janus could not gather candidates for a PeerConnection.",
            ["The range of media ports (rtp_port_range) is used up.", "An interface or STUN server that Janus is configured with is missing.", "The limit of open files is reached."],
            ["Read Janus's log at that time.", "Compare the number of PeerConnections with the size of rtp_port_range."]),
        [TroubleCodes.SetupAbandoned] = new(
            "Set-up abandoned",
            "A PeerConnection ended before it was up, without a fault.",
            ["The user hung up or left.", "The other side refused, or was not there."],
            ["Nothing needs to be done unless it happens often."]),
        [TroubleCodes.SetupSlow] = new(
            "Set-up slow",
            "It took more than three seconds until the call was connected.",
            ["ICE tried many candidates that do not work first.", "The path leads through a TURN server or a slow network.", "The machine of Janus is overloaded."],
            ["Remove addresses that nobody can reach from Janus's candidates (ice_ignore_list).", "On many calls of one server, look at its processor."]),
        [TroubleCodes.MediaLost] = new(
            "Media lost",
            "Neither media nor reports arrive any more from a client that was connected.",
            ["The network of the client is interrupted.", "The client's machine sleeps, or its browser was killed.", "A firewall forgot the connection."],
            ["An ICE restart by the client restores it; without one it ends with session-lost after session_timeout.", "ice_consent_freshness (Janus 1.2.0) and hangup_on_failed (1.2.1) end such calls sooner."]),
        [TroubleCodes.MediumStopped] = new(
            "Medium stopped",
            "One medium of the client no longer arrives, while others do.",
            ["Camera or microphone was turned off in the browser.", "Another program took the device, or it was unplugged."],
            ["Ask the user to check the device; an application can listen to the track's ended and mute events."]),
        [TroubleCodes.NeverReceived] = new(
            "Never received",
            "The SDP says that the client sends a medium, but no packet of it has arrived.",
            ["Access to the device was refused.", "The client negotiated a medium without adding a track.", "The track produces nothing, such as a microphone without a signal source."],
            ["Check in the client that the track is added before the offer, and that it is live and enabled."]),
        [TroubleCodes.NothingSent] = new(
            "Nothing sent",
            "Janus sends no media to a client that is connected to receive them.",
            ["The source is silent: the publisher sends nothing, or no stream feeds the mountpoint.", "A SIP peer sends no RTP."],
            ["Check the source: the publisher, the process that feeds the mountpoint, the SIP side."]),
        [TroubleCodes.IceLost] = new(
            "ICE lost",
            "ICE failed after the call had been connected.",
            ["The network of the client is interrupted or was changed.", "A firewall forgot the connection."],
            ["An ICE restart by the client restores it.", "On many calls of one server, check the server's network."]),
        [TroubleCodes.HighLoss] = new(
            "High packet loss",
            "Many packets of a medium are lost.",
            ["Side in: the client's uplink is congested or wireless.", "Side out: the client's downlink is congested or wireless.", "On many calls of one server at once: the server's line."],
            ["Lower the bitrate, or use simulcast so that viewers with a weak line get a smaller layer.", "Compare with other calls of the same server, and of the same network."]),
        [TroubleCodes.HighRtt] = new(
            "High round-trip time",
            "Packets take long from the client to Janus and back.",
            ["The line of the client is saturated (bufferbloat), wireless, or behind a VPN.", "The client is far away, or its TURN server is.", "On many calls: the processor of the server is overloaded."],
            ["Compare with other calls of the same server.", "Send the client to a server that is nearer."]),
        [TroubleCodes.HighJitter] = new(
            "High jitter",
            "Audio packets arrive at irregular intervals, so that speech is choppy or delayed.",
            ["The line of the client is saturated (bufferbloat), wireless, or behind a VPN.", "On many calls: the processor of the server is overloaded."],
            ["Compare with other calls of the same server.", "A wired network helps if it is the client's."]),
        [TroubleCodes.SlowLink] = new(
            "Slow link",
            "Janus reports lost packets again and again, and sends no statistics that would say more.",
            ["The line of the client is congested or wireless.", "The bitrate is too high for it."],
            ["Turn statistics on (stats_period), so that loss is measured.", "Lower the bitrate."]),
        [TroubleCodes.PathUnstable] = new(
            "Path unstable",
            "The network path of a call changes again and again.",
            ["The client moves between networks, or its wireless network is weak.", "Two paths compete, such as a VPN that comes and goes."],
            ["Look at the selected pairs of the call to see which addresses alternate."]),
        [TroubleCodes.RejoinLoop] = new(
            "Rejoin loop",
            "The same participant connects again and again, each time for a few seconds.",
            ["The client reconnects after an error that does not go away.", "The browser crashes or the page reloads."],
            ["Look at how the single calls ended.", "A client should wait longer after every failure."]),
        [TroubleCodes.SipRegistrationFailed] = new(
            "SIP registration failed",
            "A SIP server refused a registration.",
            ["User name or password is wrong.", "The SIP server or its domain is wrong or down."],
            ["Read the SIP code: 401 and 403 are credentials, 404 an unknown user, 408 and 503 the server."]),
        [TroubleCodes.SipCallFailed] = new(
            "SIP call failed",
            "A SIP call ended with a code that means a fault.",
            ["The number does not exist, or may not be called.", "No codec in common.", "A SIP server on the way is down."],
            ["Read the SIP code: 404 is an unknown number, 488 the codecs, 5xx a server."]),
        [TroubleCodes.RtspLost] = new(
            "RTSP source lost",
            "A mountpoint lost the RTSP stream that feeds it; its viewers see nothing new.",
            ["The camera or the RTSP server is down or was restarted.", "The network between it and Janus is interrupted."],
            ["Check the RTSP source. Janus reconnects by itself."]),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly TroubleText s_unknown = new(
        "Unknown trouble",
        "A trouble with a code that this version does not know.",
        ["It was stored by a newer version."],
        ["Use the same version of JanusEvents on all hosts."]);

    // {0} is the subject, such as "Carol in room 1234"; {1} the medium.
    private static readonly FrozenDictionary<string, string> s_summaries = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [TroubleCodes.ServerRestarted] = "{0} restarted without a shutdown; its calls are lost",
        [TroubleCodes.ServerSilent] = "{0} is silent",
        [TroubleCodes.ServerStopped] = "{0} was stopped while calls were up",
        [TroubleCodes.EventsLate] = "The events of {0} arrive late",
        [TroubleCodes.ClockSkew] = "The clock of {0} differs from this host's",
        [TroubleCodes.ServerNameShared] = "More than one server sends events as {0}",
        [TroubleCodes.ManySetupsFailing] = "Many set-ups on {0} fail",
        [TroubleCodes.SessionLost] = "The session of {0} timed out during a call",
        [TroubleCodes.SessionForgotten] = "The session of {0} timed out after its last call",
        [TroubleCodes.TransportLost] = "The connection of {0} to Janus closed during a call",
        [TroubleCodes.NoAnswer] = "The offer for {0} had no answer for a minute",
        [TroubleCodes.NoRemoteCandidates] = "{0} sends no ICE candidates",
        [TroubleCodes.IceSlow] = "{0} has not been connected for seconds: no path for media yet",
        [TroubleCodes.IceFailed] = "{0} could not be connected: no path for media",
        [TroubleCodes.DtlsStalled] = "{0} has not been connected for seconds: no answer to the DTLS handshake",
        [TroubleCodes.DtlsFailed] = "{0} could not be connected: the DTLS handshake failed",
        [TroubleCodes.SetupFailed] = "{0} could not be connected: Janus could not gather candidates",
        [TroubleCodes.SetupAbandoned] = "The set-up of {0} was abandoned",
        [TroubleCodes.SetupSlow] = "It took more than three seconds to connect {0}",
        [TroubleCodes.MediaLost] = "{0} is not heard or seen any more",
        [TroubleCodes.MediumStopped] = "The {1} of {0} stopped",
        [TroubleCodes.NeverReceived] = "The {1} of {0} has never arrived",
        [TroubleCodes.NothingSent] = "{0} receives nothing",
        [TroubleCodes.IceLost] = "{0} lost the path for media",
        [TroubleCodes.HighLoss] = "{0} has high loss of {1} packets",
        [TroubleCodes.HighRtt] = "{0} has a high round-trip time",
        [TroubleCodes.HighJitter] = "{0} has high audio jitter",
        [TroubleCodes.SlowLink] = "{0} has a slow link",
        [TroubleCodes.PathUnstable] = "The network path of {0} changes again and again",
        [TroubleCodes.RejoinLoop] = "{0} joins again and again",
        [TroubleCodes.SipRegistrationFailed] = "The SIP registration of {0} failed",
        [TroubleCodes.SipCallFailed] = "The SIP call of {0} failed",
        [TroubleCodes.RtspLost] = "{0} lost its RTSP source",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Names come from clients; a summary is one line of limited length.
    private const int MaxNameLength = 100;

    /// <summary>All codes that are explained: every one of <see cref="TroubleCodes"/>.</summary>
    public static IReadOnlyCollection<string> Codes => s_texts.Keys;

    /// <summary>The explanation of a code; a general one for a code that this version does not know.</summary>
    /// <param name="code">The code: one of <see cref="TroubleCodes"/>.</param>
    public static TroubleText Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return s_texts.GetValueOrDefault(code, s_unknown);
    }

    /// <summary>
    /// One line that says what is wrong with whom, without a full stop: <c>Carol in room 1234 is not heard or seen any more</c>.
    /// It contains names that clients chose, without control characters and shortened to 100 characters each; escape it for
    /// wherever it is shown.
    /// </summary>
    /// <param name="trouble">The trouble.</param>
    public static string Summary(Trouble trouble)
    {
        ArgumentNullException.ThrowIfNull(trouble);
        string pattern = s_summaries.GetValueOrDefault(trouble.Code, "{0} has the trouble " + Clean(trouble.Code));
        string medium = trouble.Subject.Medium is "audio" or "video" ? trouble.Subject.Medium : "media";

        // One pass: a name that contains a placeholder stays as it is.
        int place = pattern.IndexOf("{0}", StringComparison.Ordinal);
        string before = pattern[..place].Replace("{1}", medium, StringComparison.Ordinal);
        string after = pattern[(place + 3)..].Replace("{1}", medium, StringComparison.Ordinal);
        string subject = SubjectOf(trouble.Subject);

        // A name that a client chose keeps its case.
        bool isName = trouble.Subject is { Display.Length: > 0 };
        return before + (before.Length == 0 && !isName ? char.ToUpperInvariant(subject[0]) + subject[1..] : subject) + after;
    }

    private static string SubjectOf(TroubleSubject subject)
    {
        string server = subject.Emitter is { Length: > 0 } name ? $"server {Clean(name)}" : "a server without a name";
        if (subject.Session is null && subject.Room is null && subject.Participant is null)
            return server;

        string who = subject switch
        {
            { Display: { Length: > 0 } display } => Clean(display),
            { Participant: { Length: > 0 } participant } => $"participant {Clean(participant)}",
            { Handle: { } handle } => FormattableString.Invariant($"handle {handle}"),
            { Session: { } session } => FormattableString.Invariant($"session {session}"),
            _ => "",
        };
        if (subject.Room is not { Length: > 0 } room)
            return who.Length == 0 ? server : $"{who} on {server}";

        string place = subject.Plugin switch
        {
            JanusPlugins.Streaming => $"mountpoint {Clean(room)}",
            JanusPlugins.Sip or JanusPlugins.NoSip or JanusPlugins.VideoCall => $"call {Clean(room)}",
            _ => $"room {Clean(room)}",
        };
        return who.Length == 0 ? place : $"{who} in {place}";
    }

    private static string Clean(string name)
    {
        string line = name.Length <= MaxNameLength ? name : $"{name.AsSpan(0, char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)}…";
        return line.Any(IsUnwanted) ? string.Concat(line.Select(c => IsUnwanted(c) ? ' ' : c)) : line;
    }

    // Control characters, and those that reverse the direction of the text around a name.
    private static bool IsUnwanted(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
