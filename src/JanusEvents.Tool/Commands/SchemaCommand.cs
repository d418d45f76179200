using JanusEvents.Tool.Output;
using JanusEvents.Tool.Stores;

namespace JanusEvents.Tool.Commands;

/// <summary>Prints the SQL of the tables, and upgrades them.</summary>
internal static class SchemaCommand
{
    public static async Task<int> PrintAsync(IReadOnlyList<string> settings)
    {
        // It needs no database.
        await using CommandServices services = CommandServices.Build(settings, createsStore: true);
        await Console.Out.WriteAsync(services.Get<IEventSchema>().CreateScript());
        return ExitCode.Done;
    }

    public static async Task<int> PrintUpgradeAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        await Console.Out.WriteAsync(await services.Get<IEventSchema>().UpgradeScriptAsync(cancellationToken));
        return ExitCode.Done;
    }

    public static async Task<int> UpgradeAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, createsStore: false);
        using ProgressDisplay display = ProgressDisplay.OnStandardError();
        SchemaUpgradeResult upgrade = await services.Get<IEventSchema>().UpgradeAsync(new UpgradeProgress(display), cancellationToken);
        display.Clear();
        foreach (string skipped in upgrade.LeftAlone)
            display.WriteLine(skipped);
        display.WriteLine(upgrade.ToString());
        return ExitCode.Done;
    }

    // Progress<T> would print on other threads, and late.
    private sealed class UpgradeProgress(ProgressDisplay display) : IProgress<SchemaUpgradeProgress>
    {
        public void Report(SchemaUpgradeProgress value)
        {
            display.WriteLine(value.Message);
            if (value.Tables > 0)
                display.ShowBar((double)value.TableNumber / value.Tables, $"table {value.TableNumber} of {value.Tables} {value.Table}");
        }
    }
}
