using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace JanusEvents.MySql;

/// <summary>The data sources that a store is given, and the settings of the driver under which its statements mean what they say.</summary>
internal static class MySqlSources
{
    // Below the time in which Janus wants its answer. The driver's own default is 15 s.
    private const uint ConnectionTimeout = 5;

    private const string Register =
        "Register one with builder.Services.AddMySqlDataSource(connectionString), which is in the namespace MySqlConnector, "
        + "or call AddMySql(connectionString).";

    /// <summary>Creates a data source for a connection string.</summary>
    /// <exception cref="ArgumentException">The connection string is not understood, or names no database.</exception>
    public static MySqlDataSource Create(string connectionString)
    {
        MySqlConnectionStringBuilder settings;
        try
        {
            settings = new MySqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new ArgumentException(
                $"The MySQL connection string is not understood: {e.Message} " +
                "It has the form \"Server=localhost;User ID=janus;Password=…;Database=janusevents\".",
                nameof(connectionString),
                e);
        }

        if (settings.Database.Length == 0)
        {
            throw new ArgumentException(
                "The MySQL connection string names no database. Create one (CREATE DATABASE janusevents) and add " +
                "\"Database=janusevents\".",
                nameof(connectionString));
        }

        // Escapes as the sessions' sql_mode has them: a value must not end its literal.
        settings.NoBackslashEscapes = false;

        // Values as the columns have them: no number becomes a boolean, no text a Guid, no time another kind of object.
        settings.TreatTinyAsBoolean = false;
        settings.GuidFormat = MySqlGuidFormat.None;
        settings.AllowZeroDateTime = false;
        settings.ConvertZeroDateTime = false;
        settings.DateTimeKind = MySqlDateTimeKind.Unspecified;

        // Readers take a connection from the pool that has none of the settings of the session before.
        settings.Pooling = true;
        settings.ConnectionReset = true;
        settings.ConnectionTimeout = Math.Min(settings.ConnectionTimeout, ConnectionTimeout);
        return new MySqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>Creates a connection for writing.</summary>
    public static MySqlConnection CreateForWriting(MySqlDataSource dataSource)
    {
        // The clone has what the data source gives beside the connection string: password, certificates.
        using MySqlConnection connection = dataSource.CreateConnection();
        MySqlConnectionStringBuilder settings = new(connection.ConnectionString)
        {
            // One that failed must not come back, nor its session be given to somebody else.
            Pooling = false,

            // At its time-out a command ends its connection at once. The driver would open a second connection before, to kill
            // the query, and block a thread meanwhile; a lock wait ends by itself.
            CancellationTimeout = -1,
        };
        return connection.CloneWith(settings.ConnectionString);
    }

    /// <summary>The data source that the host registered.</summary>
    /// <exception cref="InvalidOperationException">There is none, or one that cannot be used.</exception>
    public static MySqlDataSource Registered(IServiceProvider services) =>
        (services.GetService<MySqlDataSource>() ?? services.GetService<DbDataSource>()) switch
        {
            MySqlDataSource dataSource => Check(dataSource),
            null => throw new InvalidOperationException($"AddMySql() found no MySqlDataSource. {Register}"),
            var other => throw new InvalidOperationException(
                $"AddMySql() found a data source of {other.GetType().FullName}, which is not one of MySqlConnector. {Register}"),
        };

    /// <summary>Checks that nothing in a data source of the host's breaks a promise.</summary>
    /// <exception cref="InvalidOperationException">Something does.</exception>
    public static MySqlDataSource Check(MySqlDataSource dataSource)
    {
        MySqlConnectionStringBuilder settings = new(dataSource.ConnectionString);
        string? fault = settings switch
        {
            { NoBackslashEscapes: true } =>
                "NoBackslashEscapes=true, under which a text could end its literal and be run as SQL. Remove it from the connection string",
            { Database: "" } =>
                "no database. Add \"Database=janusevents\" to the connection string",
            { Pooling: true, ConnectionReset: false } =>
                "ConnectionReset=false, so that the application would get sessions with the settings of JanusEvents. Remove it from the connection string",
            _ => null,
        };
        return fault is null
            ? dataSource
            : throw new InvalidOperationException($"AddMySql was given a data source with {fault}, or call AddMySql(connectionString).");
    }
}
