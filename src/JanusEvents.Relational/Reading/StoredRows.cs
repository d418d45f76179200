using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>The rows of one stored event.</summary>
/// <param name="Table">Their table.</param>
/// <param name="Place">The place of the event.</param>
/// <param name="Rows">One, or one for each part, in the order of the parts.</param>
/// <param name="NamesRoom">Whether it is a plugin's and names the room that is asked for.</param>
internal sealed record StoredRows(EventTable Table, EventPlace Place, IReadOnlyList<object?[]> Rows, bool NamesRoom)
{
    // Every stored event was parsed once, however the limits were set then.
    private static readonly JanusEventParser s_parser = new(new JanusEventParserOptions { MaxDepth = RawJson.MaxDepth });

    /// <summary>The number of the first row.</summary>
    public long Number => (long)Rows[0][0]!;

    /// <summary>The event, or its parts; none where the rows make no event.</summary>
    /// <param name="damage">The change that another program made to the rows; null where they are as they were written.</param>
    public IReadOnlyList<JanusEvent> Read(out DamagedRow? damage)
    {
        ParsedBody parsed = s_parser.Parse(EventJson.Write(Table, Rows, out string? fault));
        if (fault is null && (parsed.Rejected.Count > 0 || !parsed.Events.All(e => Table.HoldsWholeEvents || EventTables.For(e) == Table)))
            fault = parsed.Rejected.Count > 0 ? parsed.Rejected[0].Reason : "It has no event of this table's kind.";
        damage = fault is null ? null : new DamagedRow(Table.Name, Number, fault) { HasEvent = parsed.Events.Count > 0 };
        return parsed.Events;
    }
}
