namespace JanusEvents.SampleHost;

/// <summary>Adds the store that the settings name.</summary>
internal static class StoreRegistration
{
    private const string Retention = "JanusEvents:Retention";

    public static JanusEventsBuilder AddStore(
        this JanusEventsBuilder events,
        Store store,
        IConfiguration configuration,
        Action<EventStoreOptions>? configure = null)
    {
        return store.Kind == StoreKind.MySql
            ? events.AddMySql(store.ConnectionString, Configure)
            : events.AddSqlite(store.ConnectionString, Configure);

        void Configure(EventStoreOptions options)
        {
            Bind(configuration, options.Retention);
            configure?.Invoke(options);
        }
    }

    private static void Bind(IConfiguration configuration, RetentionOptions options)
    {
        try
        {
            configuration.GetSection(Retention).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            // The binder names the key and the value.
            throw new SettingsException($"{e.Message} Days are whole numbers, such as 30; PartitionByDay is true or false.");
        }
    }
}
