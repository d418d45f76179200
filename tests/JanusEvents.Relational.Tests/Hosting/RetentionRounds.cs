using JanusEvents.Relational.Retention;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>Waits for what a host removes by itself.</summary>
public static class RetentionRounds
{
    /// <summary>Returns when everything that is old by now was removed, if the host removes anything.</summary>
    public static Task RemoveOldAsync(this StoreHost host)
    {
        var task = host.Services.GetServices<IHostedService>().OfType<RetentionTask>().Single();

        // The round that is on its way may have looked at the time before.
        var enough = task.Rounds + 2;
        return Wait.UntilAsync(() => task.Rounds >= enough, Wait.Limit, "old rows to be looked for twice");
    }
}
