using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Rejected;

/// <summary>Reads the table <c>rejected</c> by pages, in the order of its numbers.</summary>
internal static class RejectedPage
{
    private const int Size = 100;

    // The parts of one were added one after the other, with those of another writer between them at the most.
    private const int MostBetweenParts = 100_000;

    /// <summary>Reads the first parts behind a number.</summary>
    public static Task<List<Entry>> ReadAsync(StoreConnection connection, long after)
    {
        SqlDialect dialect = connection.Dialect;
        return connection.QueryAsync(
            $"SELECT {Names(dialect, "id", "reason", "arrived", "remote", "parts", "size", "hash", "place")}, {dialect.Quote("bytes")} IS NOT NULL "
                + $"FROM {dialect.Table(BookkeepingTables.Rejected)} WHERE {dialect.Quote("id")} > @after AND {dialect.Quote("part")} = 1 "
                + $"ORDER BY {dialect.Quote("id")} LIMIT {Size}",
            Entry.Of,
            ("@after", ColumnKind.Integer, after));
    }

    /// <summary>Reads the bytes of an entry, with the numbers of their rows.</summary>
    public static async Task<(List<long> Rows, byte[] Bytes)> ReadBytesAsync(StoreConnection connection, Entry entry)
    {
        SqlDialect dialect = connection.Dialect;
        List<(long Row, byte[] Bytes)> parts = await connection.QueryAsync(
            $"SELECT {Names(dialect, "id", "bytes")} FROM {dialect.Table(BookkeepingTables.Rejected)} "
                + $"WHERE {dialect.Quote("id")} >= @first AND {dialect.Quote("id")} <= @last AND {dialect.Quote("hash")} = @hash "
                + $"AND {dialect.Quote("place")} = @place AND {dialect.Quote("bytes")} IS NOT NULL ORDER BY {dialect.Quote("part")}",
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
            ("@first", ColumnKind.Integer, entry.Event.Id),
            ("@last", ColumnKind.Integer, entry.Event.Id + (entry.Parts > 1 ? MostBetweenParts : 0)),
            ("@hash", ColumnKind.Hash, entry.Hash),
            ("@place", ColumnKind.Integer, entry.Place)).ConfigureAwait(false);
        return ([.. parts.Select(p => p.Row)], [.. parts.SelectMany(p => p.Bytes)]);
    }

    private static string Names(SqlDialect dialect, params string[] names) => string.Join(", ", names.Select(dialect.Quote));

    /// <summary>A rejected element, and the place of its bytes.</summary>
    public sealed record Entry(RejectedEvent Event, long Parts, byte[] Hash, long Place)
    {
        public static Entry Of(DbDataReader row) => new(
            new RejectedEvent(
                row.GetInt64(0),
                row.IsDBNull(1) ? "" : row.GetString(1),
                EventJson.FromDatabase(ColumnKind.Time, row.GetValue(2)) is DateTime time ? new DateTimeOffset(time, TimeSpan.Zero) : default,
                row.IsDBNull(3) ? null : row.GetString(3),
                row.GetInt64(5),
                Convert.ToInt64(row.GetValue(8), CultureInfo.InvariantCulture) != 0),
            row.GetInt64(4),
            row.GetFieldValue<byte[]>(6),
            row.GetInt64(7));
    }
}
