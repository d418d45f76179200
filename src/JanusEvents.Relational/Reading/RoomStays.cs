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

    /// <summary>Each handle, with the lowest number of its rows.</summary>
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
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqlDialect dialect = connection.Dialect;
        RoomStays stays = new();
        IEnumerable<string> firsts = tables.Where(HasHandle).Select(t =>
            $",\n  (SELECT MIN(t.id) FROM {dialect.Table(t.Table)} t WHERE t.session = s.session AND t.handle = s.handle)");
        DbCommand command = connection.CreateReading();
        using (command)
        {
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
            command.CommandText =
                $"SELECT s.session, s.handle, s.emitter, s.began, s.ended{string.Concat(firsts)}\n"
                + $"FROM ({new FactViews(dialect).Stays}\n  AND {dialect.AreEqual("j.room", "@room")} AND j.session IS NOT NULL AND j.handle IS NOT NULL) s";
#pragma warning restore CA2100
            connection.AddParameter(command, "@room", ColumnKind.Name, FactTable.Name(room));
            foreach (object?[] row in await connection.QueryAsync(command, Values).ConfigureAwait(false))
                stays.Add(row);
        }

        return stays;
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

    private void Add(object?[] row)
    {
        (long, long) handle = (Number(row[0]!), Number(row[1]!));
        if (!_stays.TryGetValue(handle, out List<Stay>? stays))
            _stays.Add(handle, stays = []);
        stays.Add(new Stay(row[2] as string, Time(row[3])!.Value, Time(row[4])));
        Handles[handle] = row.Skip(FirstNumber).OfType<object>().Select(Number).DefaultIfEmpty(long.MaxValue).Min();
    }

    private static long Number(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static DateTime? Time(object? value) => (DateTime?)EventJson.FromDatabase(ColumnKind.Time, value ?? DBNull.Value);

    private readonly record struct Stay(string? Emitter, DateTime Began, DateTime? Ended);
}
