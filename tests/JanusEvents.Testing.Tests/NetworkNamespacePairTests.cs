namespace JanusEvents.Testing.Tests;

public sealed class NetworkNamespacePairTests
{
    [FactNeeding(Capabilities.NetworkNamespaces)]
    public async Task Two_namespaces_reach_each_other_and_are_gone_afterwards()
    {
        NetworkNamespace one;
        await using (var pair = await NetworkNamespacePair.CreateAsync())
        {
            one = pair.One;
            (await IpAsync("-n", one.Name, "route", "get", pair.Other.Address)).Should().Contain(line => line.Contains("dev jev0"));
            (await IpAsync("-n", pair.Other.Name, "route", "get", one.Address)).Should().Contain(line => line.Contains("dev jev0"));

            await using var inside = ChildProcess.Start(["ip", "addr"], Path.GetTempPath(), one);
            await inside.WaitForLineAsync(line => line.Contains(one.Address), Wait.Limit, "the address inside");
        }

        (await IpAsync("netns", "list")).Should().NotContain(line => line.StartsWith(one.Name, StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<string>> IpAsync(params string[] arguments) =>
        ChildProcess.RunAsync(["ip", .. arguments], Wait.Limit);
}
