using JanusEvents.Monitoring.State;
using JanusEvents.Observation;

namespace JanusEvents.Monitoring.Live;

/// <summary>The description that each server gave of itself, and the types of events that came from it. A look at the type of each stored event.</summary>
internal sealed class ServerActivity : IStoredBodyObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Server> _servers = new(StringComparer.Ordinal);

    public string Name => "descriptions of the servers";

    public void Observe(ReceivedBody body)
    {
        EmitterRuns runs = new(body.Events);
        while (runs.MoveNext())
        {
            int types = 0;
            for (int i = runs.First; i < runs.End; i++)
            {
                types |= (int)body.Events[i].Type;
                if (body.Events[i] is CoreEvent core)
                    Note(runs.Emitter, core);
            }

            lock (_gate)
            {
                if (ServerOf(runs.Emitter) is { } server)
                    server.Types |= types;
            }
        }
    }

    /// <summary>The latest description of a server.</summary>
    public (IReadOnlyList<JanusEventType> Types, CoreEvent? Started, CoreEvent? Stopped, CoreEvent? Counters) Read(string? emitter)
    {
        lock (_gate)
        {
            if (!_servers.TryGetValue(Intake.NameOf(emitter), out Server? server))
                return ([], null, null, null);
            JanusEventType[] types = [.. Enum.GetValues<JanusEventType>().Where(type => ((int)type & server.Types) != 0)];
            return (types, server.Started, server.Stopped, server.Counters);
        }
    }

    private void Note(string? emitter, CoreEvent e)
    {
        lock (_gate)
        {
            if (ServerOf(emitter) is not { } server)
                return;
            switch (e.Status)
            {
                case CoreStates.Started:
                    (server.Started, server.Counters) = (e, null);
                    break;
                case CoreStates.Shutdown:
                    server.Stopped = e;
                    break;
                case CoreStates.Update:
                    server.Counters = e;
                    break;
            }
        }
    }

    private Server? ServerOf(string? emitter)
    {
        string name = Intake.NameOf(emitter);
        if (!_servers.TryGetValue(name, out Server? server) && _servers.Count < MonitoredServers.MaxServers)
            _servers.Add(name, server = new Server());
        return server;
    }

    private sealed class Server
    {
        public int Types { get; set; }

        public CoreEvent? Started { get; set; }

        public CoreEvent? Stopped { get; set; }

        public CoreEvent? Counters { get; set; }
    }
}
