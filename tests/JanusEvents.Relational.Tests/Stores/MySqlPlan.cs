using System.Data.Common;
using System.Globalization;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>What EXPLAIN of MySQL and MariaDB says.</summary>
internal static class MySqlPlan
{
    // id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra
    private const int Query = 1;
    private const int Key = 5;

    /// <summary>The index of the first table, and whether the rows are sorted; what subqueries do is not looked at.</summary>
    public static string Read(IReadOnlyList<object[]> rows)
    {
        var key = $"{rows[0][Key]}";
        var sorted = rows.Where(row => $"{row[Query]}" is "SIMPLE" or "PRIMARY").Any(row => $"{row[^1]}".Contains("filesort", StringComparison.Ordinal) || $"{row[^1]}".Contains("temporary", StringComparison.Ordinal));
        return (key switch { "PRIMARY" => "id", "" => "none", _ => key }) + (sorted ? " sorted" : "");
    }

    /// <summary>How many rows of tables and indexes a session has read up to now, but for those of what it was asked for with this.</summary>
    public static async Task<long> RowsReadAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_first', 'Handler_read_key', 'Handler_read_last', 'Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd')";
        long rows = 0;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows += long.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
        return rows;
    }
}
