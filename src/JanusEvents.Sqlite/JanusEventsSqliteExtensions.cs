using System.Data.Common;
using JanusEvents;
using JanusEvents.Relational;
using JanusEvents.Sqlite;
using Microsoft.Data.Sqlite;

#pragma warning disable IDE0130 // Where every AddX extension of .NET is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Stores events in a SQLite file.</summary>
public static class JanusEventsSqliteExtensions
{
    /// <summary>
    /// Stores events in a SQLite file, which is made, with its tables, before the first write. Every commit is flushed
    /// to the disk, and the file can be read by others while it is written.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The connection string of Microsoft.Data.Sqlite, such as <c>Data Source=janusevents.db</c>. A relative path is
    /// one of the working directory.
    /// </param>
    /// <param name="configure">Sets options of the store, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">
    /// The connection string is empty, is not understood, names no file, or opens it for reading only.
    /// </exception>
    public static JanusEventsBuilder AddSqlite(
        this JanusEventsBuilder builder,
        string connectionString,
        Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        SqliteConnectionStringBuilder settings = Read(connectionString);

        // One connection stays open for writing; a pool would keep the file open after the host has closed it.
        settings.Pooling = false;

        // For BEGIN, which has no command of its own, when another process writes.
        settings.DefaultTimeout = SqliteDialect.BusySeconds;
        DbDataSource dataSource = SqliteFactory.Instance.CreateDataSource(settings.ConnectionString);
        return builder.AddRelationalSink("Sqlite", _ => dataSource, ownsDataSource: true, prefix => new SqliteDialect { TablePrefix = prefix }, configure);
    }

    private static SqliteConnectionStringBuilder Read(string connectionString)
    {
        SqliteConnectionStringBuilder settings;
        try
        {
            settings = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(
                $"The SQLite connection string is not understood: {e.Message} It has the form \"Data Source=janusevents.db\".",
                nameof(connectionString),
                e);
        }

        if (!IsFile(settings) || settings.Mode == SqliteOpenMode.ReadOnly)
        {
            throw new ArgumentException(
                "The SQLite connection string must name a file that may be written: \"Data Source=janusevents.db\".",
                nameof(connectionString));
        }

        // Messages show where the file is, and a change of the working directory does not move it.
        if (!settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase) && !settings.DataSource.StartsWith('|'))
            settings.DataSource = Path.GetFullPath(settings.DataSource);
        return settings;
    }

    // A database in memory is gone with its connection, though its senders were answered that it is stored.
    private static bool IsFile(SqliteConnectionStringBuilder settings) =>
        !string.IsNullOrWhiteSpace(settings.DataSource)
        && settings.Mode != SqliteOpenMode.Memory
        && !settings.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
        && !settings.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase);
}
