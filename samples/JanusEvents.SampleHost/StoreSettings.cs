namespace JanusEvents.SampleHost;

/// <summary>How long events are kept, by the keys <c>JanusEvents:Retention:…</c>.</summary>
internal static class StoreSettings
{
    private const string Section = "JanusEvents:Retention";

    public static void Bind(IConfiguration configuration, EventStoreOptions options)
    {
        try
        {
            configuration.GetSection(Section).Bind(options.Retention);
        }
        catch (InvalidOperationException e)
        {
            // The binder names the key and the value.
            throw new SettingsException($"{e.Message} Days are whole numbers, such as 30; PartitionByDay is true or false.");
        }
    }
}
