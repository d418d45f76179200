using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Which handles were in a room, and when: some dozens of bytes for each time that one came in.</summary>
internal sealed class RoomStays
{
    // The columns before it are those of the stay.
    private const int FirstNumber = 6;

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
        DbConnection connection,
        SqlDialect dialect,
        string room,
        IReadOnlyList<TableLayout> tables,
        CancellationToken cancellationToken)
    {
        RoomStays stays = new();
        IEnumerable<string> firsts = tables.Where(HasHandle).Select(t =>
            $",\n  (SELECT MIN(t.id) FROM {dialect.Quote(t.Table.Name)} t WHERE t.session = s.session AND t.handle = s.handle)");
        DbCommand command = connection.CreateReadingCommand();
        using (command)
        {
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
            command.CommandText =
                $"SELECT s.session, s.handle, s.emitter, s.began, s.ended, s.room{string.Concat(firsts)}\n"
                + $"FROM ({new FactViews(dialect).Stays}\n  AND j.room = @room AND j.session IS NOT NULL AND j.handle IS NOT NULL) s";
#pragma warning restore CA2100
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = "@room";
            parameter.DbType = dialect.ParameterType(ColumnKind.Name);
            parameter.Value = FactTable.Name(room);
            command.Parameters.Add(parameter);
            await TimeLimits.ReadInTimeAsync(() => stays.FillAsync(command, FactTable.Name(room)!, cancellationToken)).ConfigureAwait(false);
        }

        return stays;
    }

    private static bool HasHandle(TableLayout layout) =>
        layout.Definition.Columns.Any(c => c.Name == "session") && layout.Definition.Columns.Any(c => c.Name == "handle");

    private async Task FillAsync(DbCommand command, string room, CancellationToken cancellationToken)
    {
        DbDataReader reader = await command.ExecuteReaderInTimeAsync(cancellationToken).ConfigureAwait(false);
        using (reader)
        {
            while (await reader.ReadInTimeAsync(command, cancellationToken).ConfigureAwait(false))
            {
                // MySQL takes "1234 " for "1234".
                if (reader.GetString(5) != room)
                    continue;

                (long, long) handle = (reader.GetInt64(0), reader.GetInt64(1));
                if (!_stays.TryGetValue(handle, out List<Stay>? stays))
                    _stays.Add(handle, stays = []);
                stays.Add(new Stay(
                    reader.GetValue(2) as string,
                    (DateTime)EventJson.FromDatabase(ColumnKind.Time, reader.GetValue(3))!,
                    (DateTime?)EventJson.FromDatabase(ColumnKind.Time, reader.GetValue(4))));
                Handles[handle] = Enumerable.Range(FirstNumber, reader.FieldCount - FirstNumber)
                    .Where(i => !reader.IsDBNull(i))
                    .Select(i => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture))
                    .DefaultIfEmpty(long.MaxValue)
                    .Min();
            }
        }
    }

    private readonly record struct Stay(string? Emitter, DateTime Began, DateTime? Ended);
}
