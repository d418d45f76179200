using JanusEvents.Tool.Failures;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace JanusEvents.Tool.Stores;

/// <summary>
/// Where events are stored, by the keys <c>JanusEvents:Store</c>, <c>ConnectionStrings:JanusEvents</c> and
/// <c>JanusEvents:Spool</c>.
/// </summary>
internal sealed record StoreSettings(StoreKind Kind, string ConnectionString)
{
    private const string NoSpool = "off";
    private const string ConnectionStringKey = "ConnectionStrings:JanusEvents (--connection)";

    /// <summary>Whether hosts put a spool in front of the store, as the sample host does for MySQL unless it is switched off.</summary>
    public bool HasSpool { get; private init; }

    /// <summary>The file of a SQLite store; null for others, and where the connection string names it by a URI.</summary>
    public string? File { get; private init; }

    /// <exception cref="CommandException">The settings name no store.</exception>
    public static StoreSettings Of(IConfiguration configuration)
    {
        string? spool = configuration["JanusEvents:Spool"] ?? configuration["JanusEvents:Spool:Path"];
        StoreSettings store = OfKind(configuration);
        return store with
        {
            HasSpool = string.IsNullOrWhiteSpace(spool) ? store.Kind == StoreKind.MySql : !spool.Equals(NoSpool, StringComparison.OrdinalIgnoreCase),
        };
    }

    private static StoreSettings OfKind(IConfiguration configuration)
    {
        string? connectionString = configuration.GetConnectionString("JanusEvents");
        string kind = configuration["JanusEvents:Store"] is { Length: > 0 } set ? set : nameof(StoreKind.Sqlite);
        if (kind.Equals(nameof(StoreKind.Sqlite), StringComparison.OrdinalIgnoreCase))
            return Sqlite(string.IsNullOrWhiteSpace(connectionString) ? "Data Source=janusevents.db" : connectionString);
        if (kind.Equals(nameof(StoreKind.MySql), StringComparison.OrdinalIgnoreCase))
            return MySql(connectionString);

        throw new CommandException($"JanusEvents:Store is \"{kind}\"; it must be Sqlite or MySql (--store sqlite or --store mysql).");
    }

    private static StoreSettings Sqlite(string connectionString)
    {
        try
        {
            SqliteConnectionStringBuilder settings = new(connectionString);
            bool isPath = !settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase) && !settings.DataSource.StartsWith('|');
            return new StoreSettings(StoreKind.Sqlite, connectionString) { File = isPath ? Path.GetFullPath(settings.DataSource) : null };
        }
        catch (ArgumentException)
        {
            throw new CommandException(
                $"{ConnectionStringKey} is not understood; for SQLite it has the form \"Data Source=janusevents.db\". For MySQL or MariaDB add --store mysql.");
        }
    }

    // AddMySql checks the rest of it.
    private static StoreSettings MySql(string? connectionString) =>
        string.IsNullOrWhiteSpace(connectionString)
            ? throw new CommandException(
                $"The store is MySql, so {ConnectionStringKey} must be set. It has the form \"Server=localhost;User ID=janus;Password=…;Database=janusevents\".")
            : new StoreSettings(StoreKind.MySql, connectionString);
}

/// <summary>The values of <c>JanusEvents:Store</c>.</summary>
internal enum StoreKind
{
    /// <summary>One file.</summary>
    Sqlite,

    /// <summary>A MySQL or MariaDB server.</summary>
    MySql,
}
