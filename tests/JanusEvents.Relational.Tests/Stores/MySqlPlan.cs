namespace JanusEvents.Relational.Tests.Stores;

/// <summary>What EXPLAIN of MySQL and MariaDB says.</summary>
internal static class MySqlPlan
{
    // id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra
    private const int Key = 5;

    /// <summary>The index of the first table, and whether the rows are sorted.</summary>
    public static string Read(IReadOnlyList<object[]> rows)
    {
        var key = $"{rows[0][Key]}";
        var sorted = rows.Any(row => $"{row[^1]}".Contains("filesort", StringComparison.Ordinal) || $"{row[^1]}".Contains("temporary", StringComparison.Ordinal));
        return (key == "PRIMARY" ? "id" : key) + (sorted ? " sorted" : "");
    }
}
