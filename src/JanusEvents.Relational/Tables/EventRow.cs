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
            EventColumn column = columns[i];
            object? value = column.Read(e);
            if (value is null)
                continue;

            object? kept = layout.Has(i) && column.Fits(value) ? layout.Cut(value) : null;
            values[i + 1] = kept;
            whole &= column.Path is null || (value.Equals(kept) && column.Holds(value, e));
        }

        if (!whole)
            values[^1] = Residual.Of(e, table, values);
        return new EventRow(layout, e, values);
    }
}
