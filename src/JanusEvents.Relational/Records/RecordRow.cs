using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>A row of one of <see cref="RecordTables"/>.</summary>
/// <param name="table">The table.</param>
/// <param name="values">The values of all its columns, as the driver gives them.</param>
internal sealed class RecordRow(TableDefinition table, object[] values)
{
    /// <summary>A value as the driver gives it.</summary>
    public object this[string column] => values[PlaceOf(column)];

    public string? Text(string column) => Value(column) as string;

    /// <summary>The name of a server; null where it has none.</summary>
    public string? Emitter => Text("emitter") is { Length: > 0 } name ? name : null;

    public long? Number(string column) => Value(column) as long?;

    public double? Real(string column) => Value(column) as double?;

    public bool? Truth(string column) => Value(column) as bool?;

    public DateTimeOffset? Time(string column) => Value(column) is DateTime time ? new DateTimeOffset(time, TimeSpan.Zero) : null;

    private object? Value(string column)
    {
        int place = PlaceOf(column);
        return EventJson.FromDatabase(table.Columns[place].Kind, values[place]);
    }

    private int PlaceOf(string column)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (table.Columns[i].Name == column)
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(column), column, "There is no such column.");
    }
}
