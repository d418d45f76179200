using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>
/// The version of the tables. What is to be done is seen from the tables themselves; the version is for people, and tells
/// a program that a newer one has been there.
/// </summary>
internal static class SchemaVersion
{
    /// <summary>The version of the definitions in this program. It grows with each release that changes them.</summary>
    public const long Current = 1;

    private const string Name = "schema";

    /// <summary>The version that a database records; null when it records none.</summary>
    public static async Task<long?> LoadAsync(StoreConnection connection)
    {
        SqlDialect dialect = connection.Dialect;
        try
        {
            return await connection.NumberAsync(
                $"SELECT {dialect.Quote("version")} FROM {dialect.Table(BookkeepingTables.Versions)} WHERE {dialect.Quote("name")} = '{Name}'")
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
    public static IEnumerable<string> Statements(SqlDialect dialect)
    {
        string table = dialect.Table(BookkeepingTables.Versions);
        string name = dialect.Quote("name");
        string version = dialect.Quote("version");
        string current = Current.ToString(CultureInfo.InvariantCulture);
        yield return $"{dialect.InsertOrIgnore} {table} ({name}, {version}) VALUES ('{Name}', {current})";
        yield return $"UPDATE {table} SET {version} = {current} WHERE {name} = '{Name}' AND {version} < {current}";
    }
}
