using System.Globalization;
using JanusEvents.Tool.Output;
using JanusEvents.Tool.Stores;

namespace JanusEvents.Tool.Commands;

/// <summary>Creates the facts about rooms, or the call records and troubles, again from the stored events.</summary>
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

    public static async Task<int> RebuildRecordsAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        using ProgressDisplay display = ProgressDisplay.OnStandardError();
        MonitoringRebuildResult done = await services.Get<IMonitoringRebuild>().RebuildAsync(new RecordsProgress(display), cancellationToken);
        display.Clear();
        display.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Found {done.Records} call records and {done.Troubles} troubles in {done.Events} events."));
        return ExitCode.Done;
    }

    private sealed class RecordsProgress(ProgressDisplay display) : IProgress<MonitoringRebuildResult>
    {
        public void Report(MonitoringRebuildResult value) => display.Show(
            part: null, string.Create(CultureInfo.InvariantCulture, $"{value.Events} events read, {value.Records} records and {value.Troubles} troubles found"));
    }

    // Progress<T> would print on other threads, and late.
    private sealed class RebuildProgress(ProgressDisplay display) : IProgress<FactRebuildResult>
    {
        public void Report(FactRebuildResult value) => display.Show(
            part: null, string.Create(CultureInfo.InvariantCulture, $"{value.Events} events read, {value.Facts} facts created"));
    }
}
