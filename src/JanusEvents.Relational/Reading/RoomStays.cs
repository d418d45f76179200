using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Which handles were in a room, and when: some dozens of bytes for each time that one came in.</summary>
internal sealed class RoomStays
{
    // The columns before it are those of the stay.
    private const int FirstNumber = 5;

    private readonly Dictionary<(long Session, long Handle), List<Stay>> _stays = [];

    private RoomStays()
    {
    }

    /// <summary>Each handle with rows to be read, and the number of the first of its rows in the order of reading.</summary>
    public Dictionary<(long Session, long Handle), long> Handles { get; } = [];

    /// <summary>Whether an event happened on a handle while it was in the room.</summary>
    public bool Take(JanusEvent e) =>
        e is { SessionId: { } session, HandleId: { } handle, Timestamp: { } time }
        && _stays.TryGetValue((session, handle), out List<Stay>? stays)
        && stays.Exists(s => s.Emitter == FactTable.Name(e.Emitter) && s.Began <= time.UtcDateTime && !(s.Ended < time.UtcDateTime));

    /// <summary>Asks a database.</summary>
    public static async Task<RoomStays> LoadAsync(
        StoreConnection connection,
        string room,
        IReadOnlyList<TableLayout> tables,
        ReadingRange range,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqlDialect dialect = connection.Dialect;
        RoomStays stays = new();
        List<TableLayout> ofHandles = [.. tables.Where(HasHandle)];
        (string first, string last) = range.IsBackwards ? ("MAX", "MIN") : ("MIN", "MAX");

        // The last numbers of handles show which are behind a continuation already.
        IEnumerable<string> numbers = ofHandles.Select(t => Number(first, t));
        if (range.After is not null)
            numbers = numbers.Concat(ofHandles.Select(t => Number(last, t)));
        DbCommand command = connection.CreateReading();
        using (command)
        {
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
            command.CommandText =
                $"SELECT s.session, s.handle, s.emitter, s.began, s.ended{string.Concat(numbers)}\n"
                + $"FROM ({new FactViews(dialect).Stays.Select}\n  AND {dialect.AreEqual("j.room", "@room")} AND j.session IS NOT NULL AND j.handle IS NOT NULL) s";
#pragma warning restore CA2100
            connection.AddParameter(command, "@room", ColumnKind.Name, FactTable.Name(room));
            foreach (object?[] row in await connection.QueryAsync(command, Values).ConfigureAwait(false))
                stays.Add(row, range, ofHandles.Count);
        }

        return stays;

        string Number(string which, TableLayout t) =>
            $",\n  (SELECT {which}(t.id) FROM {dialect.Table(t.Table)} t WHERE t.session = s.session AND t.handle = s.handle)";
    }

    private static bool HasHandle(TableLayout layout) =>
        layout.Definition.Columns.Any(c => c.Name == "session") && layout.Definition.Columns.Any(c => c.Name == "handle");

    private static object?[] Values(DbDataReader row)
    {
        object?[] values = new object?[row.FieldCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = row.IsDBNull(i) ? null : row.GetValue(i);
        return values;
    }

    private void Add(object?[] row, ReadingRange range, int tables)
    {
        (long, long) handle = (Number(row[0]!), Number(row[1]!));
        if (!_stays.TryGetValue(handle, out List<Stay>? stays))
            _stays.Add(handle, stays = []);
        stays.Add(new Stay(row[2] as string, Time(row[3])!.Value, Time(row[4])));
        List<long> firsts = [.. row.Skip(FirstNumber).Take(tables).OfType<object>().Select(Number)];
        List<long> lasts = [.. row.Skip(FirstNumber + tables).OfType<object>().Select(Number)];
        if (firsts.Count == 0)
            return;

        if (range.After is not { } after || (range.IsBackwards ? lasts.Min() <= after.Number : lasts.Max() >= after.Number))
            Handles[handle] = range.IsBackwards ? firsts.Max() : firsts.Min();
    }

    private static long Number(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static DateTime? Time(object? value) => (DateTime?)EventJson.FromDatabase(ColumnKind.Time, value ?? DBNull.Value);

    private readonly record struct Stay(string? Emitter, DateTime Began, DateTime? Ended);
}
