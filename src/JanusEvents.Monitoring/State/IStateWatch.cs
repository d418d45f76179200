namespace JanusEvents.Monitoring.State;

/// <summary>Judges the state as it changes. Is called under the lock of the state. Times are microseconds since 1970 by the server's clock.</summary>
internal interface IStateWatch
{
    /// <summary>Something of a PeerConnection changed, a round of its statistics is complete, or a time that was asked for has come.</summary>
    void Check(MonitoredServer server, PeerConnection pc);

    /// <summary>A PeerConnection ended, and all that says why is there.</summary>
    void Finished(MonitoredServer server, PeerConnection pc);

    /// <summary>A PeerConnection goes on as one whose beginning was read from the store.</summary>
    void Continued(MonitoredServer server, PeerConnection whole, PeerConnection partial);

    /// <summary>A handle is gone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="at">When.</param>
    /// <param name="word">What ended it, as of a PeerConnection.</param>
    void Detached(MonitoredServer server, MonitoredHandle handle, long at, string word);

    /// <summary>Nothing was heard of the server for so long that it is taken for removed.</summary>
    void Forgotten(MonitoredServer server, long at);

    /// <summary>A session timed out.</summary>
    void SessionTimedOut(MonitoredServer server, MonitoredSession session, long at, PeerConnection? up);

    /// <summary>The connection of a session closed a second ago, and nobody had ended the session before.</summary>
    void ConnectionClosed(MonitoredServer server, MonitoredSession session, PeerConnection? up);

    /// <summary>The server started again though nobody had stopped it; its earlier sessions are lost.</summary>
    void Restarted(MonitoredServer server, long at, int lost);

    /// <summary>The server was started, after a shutdown or for the first time.</summary>
    void Started(MonitoredServer server, long at);

    /// <summary>The server was stopped.</summary>
    void Stopped(MonitoredServer server, long at, int lost, long? signal);

    /// <summary>Two servers use one name.</summary>
    void NameShared(MonitoredServer server, long at, string sign);

    /// <summary>A plugin said something of a handle.</summary>
    void PluginSaid(MonitoredServer server, MonitoredHandle handle, PluginWord word, long at);

    /// <summary>A body of the server was followed.</summary>
    void Heard(MonitoredServer server);

    /// <summary>Time passed.</summary>
    /// <param name="server">The server.</param>
    /// <param name="now">The host's time, in microseconds since 1970.</param>
    void Tick(MonitoredServer server, long now);
}
