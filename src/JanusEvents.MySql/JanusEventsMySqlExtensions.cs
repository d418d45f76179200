using System.Data.Common;
using JanusEvents;
using JanusEvents.MySql;
using JanusEvents.Relational;

#pragma warning disable IDE0130 // Where every AddX extension of .NET is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Stores events in MySQL or MariaDB.</summary>
public static class JanusEventsMySqlExtensions
{
    private const string SinkName = "MySql";
    private static readonly MySqlDialect s_dialect = new();

    /// <summary>
    /// Stores events in a database of MySQL or MariaDB (10.5 or later), whose tables are made before the first write.
    /// The database itself must be there.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The connection string, such as <c>Server=localhost;User ID=janus;Password=…;Database=janusevents</c>.
    /// </param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The connection string is empty or not understood.</exception>
    /// <exception cref="InvalidOperationException">The application has no MySQL driver.</exception>
    public static JanusEventsBuilder AddMySql(
        this JanusEventsBuilder builder,
        string connectionString,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        DbDataSource dataSource = MySqlDriver.CreateDataSource(connectionString);
        return builder.AddRelationalSink(SinkName, _ => dataSource, ownsDataSource: true, s_dialect, configure);
    }

    /// <summary>Stores events by the <see cref="DbDataSource"/> that the host registered.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// When the host starts, an <see cref="InvalidOperationException"/> says so if no data source is registered, or one
    /// of another database.
    /// </remarks>
    public static JanusEventsBuilder AddMySql(this JanusEventsBuilder builder, Action<EventStoreOptions>? configure = null) =>
        builder.AddMySql(services => services.GetService<DbDataSource>() ?? throw new InvalidOperationException(
            "AddMySql() found no DbDataSource. Register one with builder.Services.AddMySqlDataSource(connectionString), " +
            "or call AddMySql(connectionString)."), configure);

    /// <summary>Stores events by a data source of MySqlConnector or MySql.Data.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">The data source. It is not disposed.</param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The data source is one of another database.</exception>
    public static JanusEventsBuilder AddMySql(
        this JanusEventsBuilder builder,
        DbDataSource dataSource,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        MySqlDriver.Check(dataSource);
        return builder.AddMySql(_ => dataSource, configure);
    }

    /// <summary>Stores events by a data source that is made when it is needed first.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">Gives the data source. What it gives is not disposed.</param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// When the host starts, an <see cref="InvalidOperationException"/> says so if the data source is one of another
    /// database.
    /// </remarks>
    public static JanusEventsBuilder AddMySql(
        this JanusEventsBuilder builder,
        Func<IServiceProvider, DbDataSource> dataSource,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.AddRelationalSink(
            SinkName,
            services => MySqlDriver.Check(dataSource(services)),
            ownsDataSource: false,
            s_dialect,
            configure);
    }
}
