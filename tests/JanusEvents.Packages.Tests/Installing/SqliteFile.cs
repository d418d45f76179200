using System.Globalization;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>A database file that an application has written.</summary>
internal static class SqliteFile
{
    /// <summary>The first value that a query gives.</summary>
    public static async Task<string?> ValueAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
