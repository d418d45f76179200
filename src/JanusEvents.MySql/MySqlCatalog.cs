using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;

namespace JanusEvents.MySql;

/// <summary>The tables of a database as the server describes them.</summary>
internal sealed class MySqlCatalog
{
    private const string ListTables =
        "SELECT table_name, engine, table_collation, create_options, table_rows, data_length + index_length "
        + "FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'";

    private const string ListColumns =
        "SELECT table_name, column_name, column_type, data_type, character_maximum_length, datetime_precision, is_nullable, "
        + "collation_name, column_default, extra, column_comment "
        + "FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position";

    private const string ListIndexes =
        "SELECT table_name, index_name, index_type, column_name, sub_part "
        + "FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index";

    private MySqlCatalog(Dictionary<string, MySqlTable> tables, bool hasLongKeys)
    {
        Tables = tables;
        HasLongKeys = hasLongKeys;
    }

    /// <summary>The tables by their names.</summary>
    public IReadOnlyDictionary<string, MySqlTable> Tables { get; }

    /// <summary>Whether a column of an index may have 3,072 bytes rather than 767: MySQL 5.7, MariaDB 10.2 and later.</summary>
    public bool HasLongKeys { get; }

    public static async Task<MySqlCatalog> LoadAsync(StoreConnection connection)
    {
        string version = (string)(await connection.ScalarAsync("SELECT VERSION()").ConfigureAwait(false))!;
        bool isMariaDb = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        string[] numbers = version.Split('.', '-');
        int release = (int.Parse(numbers[0], CultureInfo.InvariantCulture) * 100) + int.Parse(numbers[1], CultureInfo.InvariantCulture);
        bool writesDefaultsAsSql = isMariaDb && release >= 1002;

        ILookup<string, object?[]> columns = await LoadAsync(connection, ListColumns).ConfigureAwait(false);
        ILookup<string, object?[]> indexes = await LoadAsync(connection, ListIndexes).ConfigureAwait(false);
        ILookup<string, object?[]> tables = await LoadAsync(connection, ListTables).ConfigureAwait(false);
        return new MySqlCatalog(
            tables.ToDictionary(
                t => t.Key,
                t => Table(t.First(), columns[t.Key], indexes[t.Key], writesDefaultsAsSql),
                StringComparer.OrdinalIgnoreCase),
            isMariaDb ? release >= 1002 : release >= 507);
    }

    private static MySqlTable Table(object?[] table, IEnumerable<object?[]> columns, IEnumerable<object?[]> indexes, bool writesDefaultsAsSql) => new(
        Text(table[0]),
        Text(table[1]),
        Text(table[2]),
        Text(table[3]),
        Number(table[4]),
        Number(table[5]),
        [.. columns.Select(c => Column(c, writesDefaultsAsSql))],
        [
            .. indexes.GroupBy(i => Text(i[1])).Select(parts => new MySqlIndex(
                parts.Key,
                Text(parts.First()[2]) == "FULLTEXT",
                [.. parts.Select(p => (Text(p[3]), p[4] is null ? (long?)null : Number(p[4])))])),
        ]);

    private static MySqlColumn Column(object?[] column, bool writesDefaultsAsSql)
    {
        string? initial = column[8] is null ? null : Text(column[8]);
        if (writesDefaultsAsSql)
            initial = initial == "NULL" ? null : initial;
        else if (initial is not null && !initial.StartsWith("CURRENT_TIMESTAMP", StringComparison.OrdinalIgnoreCase))
            initial = MySqlSchemaDialect.Literal(initial);
        return new MySqlColumn(
            Text(column[1]),
            Text(column[2]),
            Text(column[3]).ToLowerInvariant(),
            Number(column[4]),
            column[5] is null ? null : (int)Number(column[5]),
            Text(column[6]).Equals("YES", StringComparison.OrdinalIgnoreCase),
            column[7] as string,
            initial,
            Text(column[9]).Contains("auto_increment", StringComparison.OrdinalIgnoreCase),
            Text(column[10]));
    }

    private static async Task<ILookup<string, object?[]>> LoadAsync(StoreConnection connection, string sql) =>
        (await connection.SlowQueryAsync(sql, Values).ConfigureAwait(false)).ToLookup(r => Text(r[0]), StringComparer.OrdinalIgnoreCase);

    private static object?[] Values(DbDataReader row) =>
        [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? null : row.GetValue(i))];

    // Some servers give texts of their catalogue as bytes.
    private static string Text(object? value) => value is byte[] bytes
        ? System.Text.Encoding.UTF8.GetString(bytes)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static long Number(object? value) => value switch
    {
        null => 0,

        // The length of a LONGTEXT is beyond what some drivers' types hold.
        ulong large => large > long.MaxValue ? long.MaxValue : (long)large,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
