using System.Data.Common;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Health;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Retention;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational;

/// <summary>How the packages of the databases add their sinks.</summary>
internal static class RelationalSinkRegistration
{
    /// <summary>Adds a sink that writes into the tables.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">How messages call the sink.</param>
    /// <param name="dataSource">Gives the data source when the host starts.</param>
    /// <param name="ownsDataSource">Whether the data source is disposed with the sink.</param>
    /// <param name="dialect">The kind of database.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static JanusEventsBuilder AddRelationalSink(
        this JanusEventsBuilder builder,
        string name,
        Func<IServiceProvider, DbDataSource> dataSource,
        bool ownsDataSource,
        SqlDialect dialect,
        Action<EventStoreOptions>? configure)
    {
        EventStoreOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        options.Retention.Validate(name, dialect);
        WriteTurn turn = new(dialect);
        builder.Services.TryAddSingleton<IEventStore>(services => new RelationalEventStore(dataSource(services), dialect));
        if (options.Retention.IsOn)
        {
            builder.Services.AddSingleton<IHostedService>(services => new RetentionTask(
                dataSource(services),
                dialect,
                options.Retention,
                turn,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<RetentionTask>>()));
        }

        builder.Services.TryAddSingleton<IRoomFacts>(services => new RelationalRoomFacts(
            dataSource(services),
            dialect,
            services.GetRequiredService<ILogger<RelationalRoomFacts>>()));
        builder.Services.TryAddSingleton<IEventSchema>(services => new RelationalEventSchema(
            dataSource(services),
            dialect,
            options.Retention,
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<IStoreQuestion>(services => new StoreQuestion(name, () => dataSource(services), dialect));
        return builder.AddSink(name, services =>
        {
            options.HashWindow ??= services.GetService<SpoolWindow>()?.HashWindow;
            return new RelationalEventSink(
                dataSource(services),
                ownsDataSource,
                dialect,
                options,
                turn,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<RelationalEventSink>>());
        }, options.Filter);
    }
}
