using JanusEvents;
using JanusEvents.MySql;
using JanusEvents.Relational;
using MySqlConnector;

#pragma warning disable IDE0130 // Where every AddX extension of .NET is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Stores events in MySQL or MariaDB.</summary>
public static class JanusEventsMySqlExtensions
{
    private const string SinkName = "MySql";

    /// <summary>
    /// Stores events in a database of MySQL or MariaDB (10.5 or later), whose tables are created before the first write.
    /// The database itself must be there.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The connection string, such as <c>Server=localhost;User ID=janus;Password=…;Database=janusevents</c>.
    /// </param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The connection string is empty or not understood.</exception>
    public static JanusEventsBuilder AddMySql(
        this JanusEventsBuilder builder,
        string connectionString,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        MySqlDataSource dataSource = MySqlSources.Create(connectionString);
        return builder.AddRelationalSink(SinkName, _ => dataSource, ownsDataSource: true, Dialect, configure);
    }

    /// <summary>
    /// Stores events by the <see cref="MySqlDataSource"/> that the host registered, with <c>AddMySqlDataSource</c> in the
    /// namespace <c>MySqlConnector</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The host does not start, with an <see cref="InvalidOperationException"/>, if no data source is registered, if it is one
    /// of another database, or if its settings break a promise; see
    /// <see cref="AddMySql(JanusEventsBuilder, MySqlDataSource, Action{EventStoreOptions}?)"/>.
    /// </remarks>
    public static JanusEventsBuilder AddMySql(this JanusEventsBuilder builder, Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRelationalSink(SinkName, MySqlSources.Registered, ownsDataSource: false, Dialect, configure);
    }

    /// <summary>Stores events by a data source.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">The data source. It is not disposed.</param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// The data source has <c>NoBackslashEscapes=true</c>, no database, or a pool whose connections keep the settings of the
    /// session before (<c>ConnectionReset=false</c>).
    /// </exception>
    public static JanusEventsBuilder AddMySql(
        this JanusEventsBuilder builder,
        MySqlDataSource dataSource,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        MySqlSources.Check(dataSource);
        return builder.AddRelationalSink(SinkName, _ => dataSource, ownsDataSource: false, Dialect, configure);
    }

    /// <summary>Stores events by a data source that is created when it is needed first.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">Gives the data source. It is not disposed.</param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The host does not start, with an <see cref="InvalidOperationException"/>, if the settings of the data source break a
    /// promise; see <see cref="AddMySql(JanusEventsBuilder, MySqlDataSource, Action{EventStoreOptions}?)"/>.
    /// </remarks>
    public static JanusEventsBuilder AddMySql(
        this JanusEventsBuilder builder,
        Func<IServiceProvider, MySqlDataSource> dataSource,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.AddRelationalSink(
            SinkName,
            services => MySqlSources.Check(dataSource(services)),
            ownsDataSource: false,
            Dialect,
            configure);
    }

    private static MySqlDialect Dialect(string tablePrefix) => new() { TablePrefix = tablePrefix };
}
