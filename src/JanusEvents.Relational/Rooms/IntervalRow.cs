using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Rooms;

/// <summary>A row of what a view over the facts gives.</summary>
/// <param name="columns">The columns, in lower case.</param>
/// <param name="values">Their values, as the driver gives them.</param>
internal sealed class IntervalRow(IReadOnlyList<string> columns, object[] values)
{
    /// <summary>An interval with what all have.</summary>
    public T Complete<T>(T interval)
        where T : RoomInterval =>
        (T)((RoomInterval)interval with
        {
            Emitter = Text("emitter"),
            Plugin = Text("plugin") ?? "",
            SessionId = Number("session"),
            HandleId = Number("handle"),
            OpaqueId = Text("opaque_id"),
            Began = Time("began") ?? default,
            Ended = Time("ended"),
        });

    /// <summary>A value as the driver gives it.</summary>
    public object this[string column]
    {
        get
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (columns[i] == column)
                    return values[i];
            }

            throw new ArgumentOutOfRangeException(nameof(column), column, "There is no such column.");
        }
    }

    public string? Text(string column) => EventJson.FromDatabase(ColumnKind.LongText, this[column]) as string;

    public long? Number(string column) => EventJson.FromDatabase(ColumnKind.Integer, this[column]) as long?;

    public DateTimeOffset? Time(string column) =>
        EventJson.FromDatabase(ColumnKind.Time, this[column]) is DateTime time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
}
