using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>The rows of one stored event.</summary>
/// <param name="Table">Their table.</param>
/// <param name="Rows">One, or one for each part.</param>
/// <param name="NamesRoom">Whether it is a plugin's and names the room that is asked for.</param>
internal sealed record StoredRows(EventTable Table, IReadOnlyList<object?[]> Rows, bool NamesRoom)
{
    // Every stored event was parsed once, however the limits were set then.
    private static readonly JanusEventParser s_parser = new(new JanusEventParserOptions { MaxDepth = RawJson.MaxDepth });

    /// <summary>The number of the first row.</summary>
    public long Number => (long)Rows[0][0]!;

    /// <summary>The event, or its parts.</summary>
    public IReadOnlyList<JanusEvent> Read() => s_parser.Parse(EventJson.Write(Table, Rows)).Events;
}
