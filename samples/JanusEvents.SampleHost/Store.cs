using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace JanusEvents.SampleHost;

/// <summary>
/// Where events are stored, by the keys <c>JanusEvents:Store</c>, <c>ConnectionStrings:JanusEvents</c> and
/// <c>JanusEvents:Spool</c>.
/// </summary>
internal sealed record Store(StoreKind Kind, string ConnectionString, string Description)
{
    private const string DefaultSpool = "janusevents-spool.db";
    private const string NoSpool = "off";
    private const string ConnectionStringKey = "ConnectionStrings:JanusEvents";

    /// <summary>The file that events wait in while the database is away; null where there is none.</summary>
    public string? SpoolPath { get; private init; }

    /// <summary>The file of a SQLite store; null for others, and where the connection string says it in another way.</summary>
    public string? File { get; private init; }

    public static Store Of(IConfiguration configuration)
    {
        Store store = OfKind(configuration);

        // A server may be away for longer than Janus waits; a file on the same disk is not.
        string? spool = configuration["JanusEvents:Spool"] ?? configuration["JanusEvents:Spool:Path"];
        if (string.IsNullOrWhiteSpace(spool))
            spool = store.Kind == StoreKind.MySql ? DefaultSpool : NoSpool;
        return store with { SpoolPath = spool.Equals(NoSpool, StringComparison.OrdinalIgnoreCase) ? null : Path.GetFullPath(spool) };
    }

    private static Store OfKind(IConfiguration configuration)
    {
        string? connectionString = configuration.GetConnectionString("JanusEvents");
        string kind = configuration["JanusEvents:Store"] is { Length: > 0 } set ? set : nameof(StoreKind.Sqlite);
        if (kind.Equals(nameof(StoreKind.Sqlite), StringComparison.OrdinalIgnoreCase))
            return Sqlite(string.IsNullOrWhiteSpace(connectionString) ? "Data Source=janusevents.db" : connectionString);
        if (kind.Equals(nameof(StoreKind.MySql), StringComparison.OrdinalIgnoreCase))
            return MySql(connectionString);

        throw new SettingsException($"JanusEvents:Store is \"{kind}\"; it must be Sqlite or MySql.");
    }

    private static Store Sqlite(string connectionString)
    {
        try
        {
            SqliteConnectionStringBuilder settings = new(connectionString);
            string file = Path.GetFullPath(settings.DataSource);
            bool isPath = !settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase) && !settings.DataSource.StartsWith('|');
            return new Store(StoreKind.Sqlite, connectionString, $"{file} (SQLite)") { File = isPath ? file : null };
        }
        catch (ArgumentException)
        {
            throw new SettingsException($"{ConnectionStringKey} is not understood; for SQLite it has the form \"Data Source=janusevents.db\".");
        }
    }

    private static Store MySql(string? connectionString)
    {
        const string Form = "\"Server=localhost;User ID=janus;Password=…;Database=janusevents\"";
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new SettingsException($"JanusEvents:Store is MySql, so {ConnectionStringKey} must be set. It has the form {Form}.");

        try
        {
            DbConnectionStringBuilder settings = new() { ConnectionString = connectionString };
            string server = Value(settings, "Server", "Host", "Data Source", "DataSource", "Address", "Addr", "Network Address") ?? "localhost";
            string port = Value(settings, "Port") ?? "3306";
            return Value(settings, "Database", "Initial Catalog") is { } database
                ? new Store(StoreKind.MySql, connectionString, $"{server}:{port}, database {database} (MySQL or MariaDB)")
                : throw new SettingsException($"{ConnectionStringKey} names no database. It has the form {Form}.");
        }
        catch (ArgumentException)
        {
            throw new SettingsException($"{ConnectionStringKey} is not understood; for MySql it has the form {Form}.");
        }
    }

    private static string? Value(DbConnectionStringBuilder settings, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (settings.TryGetValue(name, out object? value) && value.ToString() is { Length: > 0 } text)
                return text;
        }

        return null;
    }
}
