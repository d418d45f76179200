namespace JanusEvents;

/// <summary>
/// A stored row that is not as JanusEvents writes it: another program wrote it, or changed it afterwards. Texts that were cut, or
/// that are no JSON, are the most frequent.
/// </summary>
/// <param name="Table">Its table.</param>
/// <param name="Number">Its number, the column <c>id</c>.</param>
/// <param name="Reason">The reason, without anything of the row's contents.</param>
public sealed record DamagedRow(string Table, long Number, string Reason)
{
    /// <summary>
    /// Whether there is an event of it all the same: with what the row holds, and what is not of the form that Janus sends as a
    /// JSON string or number in its place. False where no event could be made of the row at all.
    /// </summary>
    public required bool HasEvent { get; init; }
}
