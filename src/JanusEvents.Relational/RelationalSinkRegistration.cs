using System.Data.Common;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational;

/// <summary>How the packages of the databases add their sinks.</summary>
internal static class RelationalSinkRegistration
{
    /// <summary>Adds a sink that writes into the tables.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">How messages call the sink.</param>
    /// <param name="dataSource">Gives the data source when the host starts.</param>
    /// <param name="dialect">The kind of database.</param>
    /// <param name="ownsDataSource">Whether the data source is disposed with the sink.</param>
    public static JanusEventsBuilder AddRelationalSink(
        this JanusEventsBuilder builder,
        string name,
        Func<IServiceProvider, DbDataSource> dataSource,
        SqlDialect dialect,
        bool ownsDataSource) =>
        builder.AddSink(name, services => new RelationalEventSink(
            dataSource(services),
            dialect,
            services.GetRequiredService<ILogger<RelationalEventSink>>(),
            ownsDataSource));
}
