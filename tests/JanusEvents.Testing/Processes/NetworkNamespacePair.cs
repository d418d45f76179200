namespace JanusEvents.Testing;

/// <summary>
/// Two network namespaces joined by one link, with no way out: a peer connection between them uses real addresses, and
/// nothing leaves the machine. They are gone when disposed of, with every process that still runs inside.
/// </summary>
public sealed class NetworkNamespacePair : IAsyncDisposable
{
    private const string Prefix = "jev-";
    private const string Nobody = "10.77.0.99";
    private static readonly TimeSpan Limit = Wait.Limit;
    private static int _made;

    private NetworkNamespacePair(string name)
    {
        One = new NetworkNamespace(name + "a", "10.77.0.1");
        Other = new NetworkNamespace(name + "b", "10.77.0.2");
    }

    /// <summary>The one end.</summary>
    public NetworkNamespace One { get; }

    /// <summary>The other end.</summary>
    public NetworkNamespace Other { get; }

    /// <summary>Makes a pair. Needs <see cref="Capabilities.NetworkNamespaces"/>.</summary>
    public static async Task<NetworkNamespacePair> CreateAsync()
    {
        var pair = new NetworkNamespacePair($"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        try
        {
            await IpAsync("netns", "add", pair.One.Name).ConfigureAwait(false);
            await IpAsync("netns", "add", pair.Other.Name).ConfigureAwait(false);
            await IpAsync("link", "add", "jev0", "netns", pair.One.Name, "type", "veth", "peer", "name", "jev0", "netns", pair.Other.Name)
                .ConfigureAwait(false);
            await JoinAsync(pair.One, via: pair.Other).ConfigureAwait(false);
            await JoinAsync(pair.Other, via: pair.One).ConfigureAwait(false);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loses all UDP between the ends, without an error for who sends it; TCP goes on.</summary>
    public async Task CutUdpAsync()
    {
        foreach (var end in new[] { One, Other })
        {
            // To a station that is not there.
            await IpAsync("-n", end.Name, "neigh", "replace", Nobody, "lladdr", "02:00:00:00:00:99", "dev", "jev0", "nud", "permanent").ConfigureAwait(false);
            await IpAsync("-n", end.Name, "route", "replace", "default", "via", Nobody, "dev", "jev0", "table", "100").ConfigureAwait(false);
            await IpAsync("-n", end.Name, "rule", "add", "pref", "10", "ipproto", "udp", "to", "10.77.0.0/24", "lookup", "100").ConfigureAwait(false);
        }
    }

    /// <summary>Lets UDP pass again.</summary>
    public async Task RestoreUdpAsync()
    {
        foreach (var end in new[] { One, Other })
            await IpAsync("-n", end.Name, "rule", "del", "pref", "10").ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var present = (await IpAsync("netns", "list").ConfigureAwait(false)).Select(line => line.Split(' ')[0]).ToHashSet();
        foreach (var name in new[] { One.Name, Other.Name }.Where(present.Contains))
        {
            // A browser's children can outlive it for a moment, and would keep the namespace.
            foreach (var process in await IpAsync("netns", "pids", name).ConfigureAwait(false))
                ChildProcess.Send(int.Parse(process, System.Globalization.CultureInfo.InvariantCulture), Signal.Kill);
            await IpAsync("netns", "del", name).ConfigureAwait(false);
        }
    }

    // A default route, since browsers and Janus choose their candidates by it; it leads only to the other end.
    private static async Task JoinAsync(NetworkNamespace end, NetworkNamespace via)
    {
        await IpAsync("-n", end.Name, "addr", "add", end.Address + "/24", "dev", "jev0").ConfigureAwait(false);
        await IpAsync("-n", end.Name, "link", "set", "jev0", "up").ConfigureAwait(false);
        await IpAsync("-n", end.Name, "link", "set", "lo", "up").ConfigureAwait(false);
        await IpAsync("-n", end.Name, "route", "add", "default", "via", via.Address).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<string>> IpAsync(params string[] arguments) =>
        ChildProcess.RunAsync([ProgramPath.Require("ip"), .. arguments], Limit);
}
