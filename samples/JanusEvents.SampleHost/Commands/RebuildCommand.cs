using System.Globalization;

namespace JanusEvents.SampleHost.Commands;

/// <summary>Makes the facts about rooms again from the stored events.</summary>
internal static class RebuildCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        FactRebuildResult done = await services.Get<IRoomFacts>().RebuildAsync(new ProgressLines(), cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Made {done.Facts} facts of {done.Events} events."));
        if (done.DamagedRows == 0)
            return 0;

        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{done.DamagedRows} rows are not as JanusEvents writes them, as told above; facts of theirs may be missing."));
        return 1;
    }

    // Progress<T> would print on other threads, and late.
    private sealed class ProgressLines : IProgress<FactRebuildResult>
    {
        public void Report(FactRebuildResult value) =>
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Events} events read, {value.Facts} facts"));
    }
}
