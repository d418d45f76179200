using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Monitoring.Records;
using JanusEvents.Observation;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Health;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Records;
using JanusEvents.Relational.Rejected;
using JanusEvents.Relational.Retention;
using JanusEvents.Relational.Rooms;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Settings;
using JanusEvents.Relational.Writing;
using JanusEvents.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Relational;

/// <summary>How the packages of the databases add their sinks.</summary>
internal static class RelationalSinkRegistration
{
    /// <summary>Adds a sink that writes into the tables.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">How messages call the sink, with a number where there are several; also the key of its services.</param>
    /// <param name="dataSource">Gives the data source when the host starts.</param>
    /// <param name="ownsDataSource">Whether the data source is disposed with the sink.</param>
    /// <param name="dialect">Makes the dialect of the database for a prefix of its tables' names.</param>
    /// <param name="configure">Sets options.</param>
    public static JanusEventsBuilder AddRelationalSink(
        this JanusEventsBuilder builder,
        string name,
        Func<IServiceProvider, DbDataSource> dataSource,
        bool ownsDataSource,
        Func<string, SqlDialect> dialect,
        Action<EventStoreOptions>? configure)
    {
        string store = builder.FreeName(name);
        AddOptions(builder.Services, store, dialect(""), configure);
        builder.Services.AddKeyedSingleton<SqlDialect>(store, (services, _) => dialect(Options(services).TablePrefix));
        builder.Services.AddKeyedSingleton<WriteLock>(store, (services, _) => new WriteLock(Dialect(services)));
        builder.Services.AddKeyedSingleton<StoreTroubles>(store, (services, _) => new StoreTroubles(
            Dialect(services),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ContainedLogger<StoreTroubles>>()));
        builder.Services.AddStoreService<IEventStore>(store, services => new RelationalEventStore(
            dataSource(services),
            Dialect(services),
            services.GetRequiredService<ContainedLogger<RelationalEventStore>>()));
        builder.Services.AddSingleton<IHostedService>(services => Options(services) is { Retention: { IsOn: true } retention }
            ? new RetentionTask(
                dataSource(services),
                Dialect(services),
                retention,
                services.GetRequiredKeyedService<WriteLock>(store),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ContainedLogger<RetentionTask>>())
            : new NoRetention());

        builder.Services.AddStoreService<IRoomStore>(store, services => new RelationalRoomStore(dataSource(services), Dialect(services)));
        builder.Services.AddStoreService<IRoomFacts>(store, services => new RelationalRoomFacts(
            dataSource(services),
            Dialect(services),
            services.GetRequiredService<ContainedLogger<RelationalRoomFacts>>()));
        builder.Services.AddStoreService<IPeerConnectionStore>(
            store, services => new RelationalPeerConnectionStore(dataSource(services), Dialect(services)));
        builder.Services.AddStoreService<ITroubleStore>(store, services => new RelationalTroubleStore(dataSource(services), Dialect(services)));
        builder.Services.AddKeyedSingleton<IMonitoringStore>(store, (services, _) => new RelationalMonitoringStore(
            dataSource(services),
            Dialect(services),
            Options(services).Retention,
            services.GetRequiredKeyedService<WriteLock>(store),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ContainedLogger<RelationalMonitoringStore>>()));

        // Each store's, since the monitoring writes to all of them.
        builder.Services.AddSingleton(services => services.GetRequiredKeyedService<IMonitoringStore>(store));
        builder.Services.AddStoreService<IEventSchema>(store, services => new RelationalEventSchema(
            dataSource(services),
            Dialect(services),
            Options(services).Retention,
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddStoreService<IRejectedEvents>(store, services => new RelationalRejectedEvents(
            dataSource(services),
            Dialect(services),
            Options(services),
            services.GetRequiredService<JanusEventParser>(),
            services.GetRequiredKeyedService<WriteLock>(store),
            services.GetRequiredKeyedService<StoreTroubles>(store),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ContainedLogger<RelationalRejectedEvents>>()));
        builder.Services.AddSingleton<IStoreQuestion>(services => new StoreQuestion(
            store,
            () => dataSource(services),
            Dialect(services),
            services.GetRequiredKeyedService<StoreTroubles>(store)));
        return builder.AddSink(name, services =>
        {
            EventStoreOptions options = Options(services);
            options.HashWindow ??= services.GetService<SpoolWindow>()?.HashWindow;
            return new RelationalEventSink(
                dataSource(services),
                ownsDataSource,
                Dialect(services),
                options,
                services.GetRequiredKeyedService<WriteLock>(store),
                services.GetRequiredKeyedService<StoreTroubles>(store),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ContainedLogger<RelationalEventSink>>());
        }, services => Options(services).Filter);

        SqlDialect Dialect(IServiceProvider services) => services.GetRequiredKeyedService<SqlDialect>(store);

        EventStoreOptions Options(IServiceProvider services) =>
            services.GetRequiredService<IOptionsMonitor<EventStoreOptions>>().Get(store);
    }

    /// <summary>Adds a service of a store by the store's name; that of the first store also without a name.</summary>
    private static void AddStoreService<TService>(this IServiceCollection services, string store, Func<IServiceProvider, TService> make)
        where TService : class
    {
        services.AddKeyedSingleton<TService>(store, (provider, _) => make(provider));
        services.TryAddSingleton<TService>(provider => provider.GetRequiredKeyedService<TService>(store));
    }

    /// <summary>Options by the name of the store: from the configuration, then by code; checked when the host starts.</summary>
    private static void AddOptions(IServiceCollection services, string store, SqlDialect dialect, Action<EventStoreOptions>? configure)
    {
        // Before what the host may have configured by code already, which is to win.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<EventStoreOptions>>(Settings));
        services.AddSingleton<IValidateOptions<EventStoreOptions>>(Settings);
        OptionsBuilder<EventStoreOptions> options = services.AddOptions<EventStoreOptions>(store).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);

        EventStoreSettings Settings(IServiceProvider provider) => new(store, dialect, provider.GetRequiredService<SettingsSection>());
    }

    /// <summary>Stands where a store keeps its rows indefinitely.</summary>
    private sealed class NoRetention : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
