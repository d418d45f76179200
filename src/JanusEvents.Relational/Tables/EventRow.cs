namespace JanusEvents.Relational.Tables;

/// <summary>An event, or a part of a combined one, as a row: a value for each column of its table.</summary>
internal sealed class EventRow
{
    private EventRow(TableLayout layout, JanusEvent e, object?[] values)
    {
        Layout = layout;
        Event = e;
        Values = values;
    }

    public TableLayout Layout { get; }

    public JanusEvent Event { get; }

    /// <summary>The values in the order of the table's columns, from <c>id</c> to <c>extra</c>.</summary>
    public object?[] Values { get; }

    public static EventRow Of(JanusEvent e, TableLayout layout, long id)
    {
        EventTable table = layout.Table;
        IReadOnlyList<EventColumn> columns = table.EventColumns;
        object?[] values = new object?[columns.Count + 2];
        values[0] = id;
        bool whole = table.HoldsWholeEvents || (!e.Envelope.HasMore && table.HasEnvelopeOf(e));
        for (int i = 0; i < columns.Count; i++)
        {
            object? value = columns[i].Read(e);
            if (value is null)
                continue;

            bool held = layout.Has(i) && columns[i].Fits(value);
            if (held)
                values[i + 1] = layout.Cut(value);
            whole &= columns[i].Path is null || (held && values[i + 1]!.Equals(value) && columns[i].Holds(value, e));
        }

        if (!whole)
            values[^1] = Residual.Of(e, table, values);
        return new EventRow(layout, e, values);
    }
}
