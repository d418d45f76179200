using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Bookkeeping;

/// <summary>
/// The version of the tables. The tables themselves show the work to be done; the version is for people, and shows
/// a program that a newer one has been there.
/// </summary>
internal static class SchemaVersion
{
    /// <summary>The version of the definitions in this program. It grows with each release that changes them.</summary>
    public const long Current = 1;

    private const string Name = "schema";
    private const string ViewsName = "views";

    /// <summary>The version that a database records; null when it records none.</summary>
    public static Task<long?> LoadAsync(StoreConnection connection) => LoadAsync(connection, Name);

    /// <summary>The version of the views that a database records; null when it records none.</summary>
    public static Task<long?> LoadViewsAsync(StoreConnection connection) => LoadAsync(connection, ViewsName);

    private static async Task<long?> LoadAsync(StoreConnection connection, string row)
    {
        SqlDialect dialect = connection.Dialect;
        try
        {
            return await connection.NumberAsync(
                $"SELECT {dialect.Quote("version")} FROM {dialect.Table(BookkeepingTables.Versions)} WHERE {dialect.Quote("name")} = '{row}'")
                .ConfigureAwait(false);
        }
        catch (DbException e) when (dialect.Classify(e) == FailureKind.MissingTable)
        {
            return null;
        }
    }

    /// <summary>Records this program's version, unless a newer one is recorded.</summary>
    public static async Task RecordAsync(StoreConnection connection)
    {
        foreach (string statement in Statements(connection.Dialect))
            await connection.ExecuteAsync(statement).ConfigureAwait(false);
    }

    /// <summary>The statements that record this program's version, unless a newer one is recorded.</summary>
    public static IEnumerable<string> Statements(SqlDialect dialect) => Statements(dialect, Name, Current);

    /// <summary>The statements that record a version of the views, unless a newer one is recorded.</summary>
    public static IEnumerable<string> ViewStatements(SqlDialect dialect, long version) => Statements(dialect, ViewsName, version);

    private static IEnumerable<string> Statements(SqlDialect dialect, string row, long number)
    {
        string table = dialect.Table(BookkeepingTables.Versions);
        string name = dialect.Quote("name");
        string version = dialect.Quote("version");
        string current = number.ToString(CultureInfo.InvariantCulture);
        yield return $"{dialect.InsertOrIgnore} {table} ({name}, {version}) VALUES ('{row}', {current})";
        yield return $"UPDATE {table} SET {version} = {current} WHERE {name} = '{row}' AND {version} < {current}";
    }
}
