using System.Globalization;
using JanusEvents.Tool.Output;
using JanusEvents.Tool.Stores;

namespace JanusEvents.Tool.Commands;

/// <summary>Creates the facts about rooms again from the stored events.</summary>
internal static class RebuildCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        using ProgressDisplay display = ProgressDisplay.OnStandardError();
        FactRebuildResult done = await services.Get<IRoomFacts>().RebuildAsync(new RebuildProgress(display), cancellationToken);
        display.Clear();
        display.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Created {done.Facts} facts from {done.Events} events."));
        if (done.DamagedRows == 0)
            return ExitCode.Done;

        display.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done.DamagedRows} damaged rows, reported above; some of their facts may be missing."));
        return ExitCode.Failed;
    }

    // Progress<T> would print on other threads, and late.
    private sealed class RebuildProgress(ProgressDisplay display) : IProgress<FactRebuildResult>
    {
        public void Report(FactRebuildResult value) => display.Show(
            part: null, string.Create(CultureInfo.InvariantCulture, $"{value.Events} events read, {value.Facts} facts created"));
    }
}
