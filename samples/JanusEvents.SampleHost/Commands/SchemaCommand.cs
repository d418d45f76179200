namespace JanusEvents.SampleHost.Commands;

/// <summary>Prints the SQL of the tables, and upgrades them.</summary>
internal static class SchemaCommand
{
    public static async Task<int> PrintAsync(IReadOnlyList<string> settings)
    {
        // It needs no database.
        await using CommandServices services = CommandServices.Build(settings, makesStore: true);
        await Console.Out.WriteAsync(services.Get<IEventSchema>().CreateScript());
        return 0;
    }

    public static async Task<int> PrintUpgradeAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        await Console.Out.WriteAsync(await services.Get<IEventSchema>().UpgradeScriptAsync(cancellationToken));
        return 0;
    }

    public static async Task<int> UpgradeAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using CommandServices services = CommandServices.Build(settings, makesStore: false);
        SchemaUpgradeResult upgrade = await services.Get<IEventSchema>().UpgradeAsync(new ProgressLines(), cancellationToken);
        foreach (string left in upgrade.LeftAlone)
            await Console.Error.WriteLineAsync(left);
        await Console.Error.WriteLineAsync(upgrade.ToString());
        return 0;
    }

    // Progress<T> would print on other threads, and late.
    private sealed class ProgressLines : IProgress<SchemaUpgradeProgress>
    {
        public void Report(SchemaUpgradeProgress value) => Console.Error.WriteLine(value.Message);
    }
}
