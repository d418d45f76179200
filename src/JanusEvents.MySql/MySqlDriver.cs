using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace JanusEvents.MySql;

/// <summary>
/// Finds the MySQL driver that the application has: MySqlConnector, which this package depends on, or MySql.Data.
/// </summary>
internal static class MySqlDriver
{
    private const string AllowBatch = "AllowBatch";

    private static readonly string[] s_connectionNamespaces = ["MySqlConnector", "MySql.Data.MySqlClient"];

    /// <summary>Makes a data source of a connection string.</summary>
    /// <exception cref="InvalidOperationException">No driver is there.</exception>
    /// <exception cref="ArgumentException">The connection string is not understood.</exception>
    public static DbDataSource CreateDataSource(string connectionString)
    {
        DbProviderFactory factory = FindFactory() ?? throw new InvalidOperationException(
            "No MySQL driver was found. Add the package MySqlConnector to the application: " +
            "dotnet add package MySqlConnector");
        DbConnectionStringBuilder builder = factory.CreateConnectionStringBuilder()!;
        try
        {
            builder.ConnectionString = connectionString;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(
                $"The MySQL connection string is not understood: {e.Message} " +
                "It has the form \"Server=localhost;User ID=janus;Password=…;Database=janusevents\".",
                nameof(connectionString),
                e);
        }

        if (builder["Database"] is not string { Length: > 0 })
        {
            throw new ArgumentException(
                "The MySQL connection string names no database. Make one (CREATE DATABASE janusevents) and add " +
                "\"Database=janusevents\".",
                nameof(connectionString));
        }

        if (SendsOneStatement(connectionString))
        {
            throw new ArgumentException(
                $"The MySQL connection string has {AllowBatch}=false. Several statements are sent together: remove it.",
                nameof(connectionString));
        }

        // MySql.Data takes the server's character set otherwise, and stores question marks for what that lacks.
        builder["Character Set"] = "utf8mb4";

        // A write holds its connection for as long as the connection works, so a pool would only hide dead ones.
        builder["Pooling"] = false;
        return factory.CreateDataSource(builder.ConnectionString);
    }

    /// <summary>Refuses a data source of another database.</summary>
    /// <exception cref="InvalidOperationException">It is not one for MySQL or MariaDB.</exception>
    public static DbDataSource Check(DbDataSource dataSource)
    {
        using DbConnection connection = dataSource.CreateConnection();
        string? found = connection.GetType().Namespace;
        if (s_connectionNamespaces.Contains(found, StringComparer.Ordinal))
        {
            return SendsOneStatement(connection.ConnectionString)
                ? throw new InvalidOperationException(
                    $"AddMySql was given a data source with {AllowBatch}=false. Several statements are sent together: remove it from "
                    + "the connection string.")
                : dataSource;
        }

        throw new InvalidOperationException(
            $"AddMySql was given a data source of {connection.GetType().FullName}, which is no MySQL driver. Register one " +
            "with builder.Services.AddMySqlDataSource(connectionString), or call AddMySql(connectionString).");
    }

    // An option of MySql.Data; MySqlConnector always sends what it is given.
    private static bool SendsOneStatement(string connectionString)
    {
        DbConnectionStringBuilder builder = new() { ConnectionString = connectionString };
        return (builder.TryGetValue(AllowBatch, out object? value) || builder.TryGetValue("Allow Batch", out value))
            && bool.TryParse(value.ToString(), out bool allowed)
            && !allowed;
    }

    private static DbProviderFactory? FindFactory() =>
        Instance(Type.GetType("MySqlConnector.MySqlConnectorFactory, MySqlConnector"))
        ?? Instance(Type.GetType("MySql.Data.MySqlClient.MySqlClientFactory, MySql.Data"));

    private static DbProviderFactory? Instance(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] Type? factory) =>
        factory?.GetField("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as DbProviderFactory;
}
