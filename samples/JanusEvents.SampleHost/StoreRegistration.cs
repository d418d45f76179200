namespace JanusEvents.SampleHost;

/// <summary>Adds the store that the settings name.</summary>
internal static class StoreRegistration
{
    public static JanusEventsBuilder AddStore(this JanusEventsBuilder events, Store store, Action<EventStoreOptions>? configure = null) =>
        store.Kind == StoreKind.MySql
            ? events.AddMySql(store.ConnectionString, configure)
            : events.AddSqlite(store.ConnectionString, configure);
}
