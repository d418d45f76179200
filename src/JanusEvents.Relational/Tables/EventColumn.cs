namespace JanusEvents.Relational.Tables;

/// <summary>A column that a property of an event goes to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind of its values.</param>
/// <param name="Path">
/// The property in Janus's JSON, as names from the event on with dots between; null for a column that implies what the
/// JSON says by its form.
/// </param>
/// <param name="Read">Reads the value; null when the event has none.</param>
internal sealed record EventColumn(string Name, ColumnKind Kind, string? Path, Func<JanusEvent, object?> Read)
    : TableColumn(Name, Kind)
{
    /// <summary>
    /// Where the column holds something else than the JSON's own token: whether its value gives the token of this event
    /// back. If not, the token goes to <c>extra</c> as well. Null where it always does.
    /// </summary>
    public Func<object, JanusEvent, bool>? GivesBack { get; init; }

    /// <summary>The text that a value of such a column stands for.</summary>
    public Func<object, string>? ToText { get; init; }

    /// <summary>Its place among the properties of the body as Janus writes them.</summary>
    public int Place { get; init; }

    /// <summary>
    /// Whether the published script has the column: a table without it is another program's, which no upgrade touches.
    /// </summary>
    public bool Published { get; init; }

    /// <summary>Whether a value that fits the column gives the JSON's token back.</summary>
    public bool Holds(object value, JanusEvent e) => GivesBack?.Invoke(value, e) != false;

    /// <summary>Whether a value fits the column at all.</summary>
    public bool Fits(object value) => value switch
    {
        // SQLite's functions, and its driver from 513 bytes on, end a text at a NUL.
        string text => (Kind != ColumnKind.ShortText || text.Length <= ShortTextLength) && !text.Contains('\0'),
        DateTime time => time.Year >= FirstYear,
        _ => true,
    };

    // The first year of the DATETIME of MySQL.
    private const int FirstYear = 1000;
}
