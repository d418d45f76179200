namespace JanusEvents.Relational.Tables;

/// <summary>The tables beside the events: what was stored already, and what could not be.</summary>
internal static class BookkeepingTables
{
    /// <summary>
    /// The hashes of the bodies that were stored: written in the same transaction as their events, so that a body that
    /// comes again is known. <c>batch</c> is a random number that tells a writer which hashes it put there itself.
    /// </summary>
    public static TableDefinition Hashes { get; } = new(
        "hashes",
        [
            new TableColumn("hash", ColumnKind.Hash),
            new TableColumn("batch", ColumnKind.Integer),
            new TableColumn("arrived", ColumnKind.Time),
        ],
        ["arrived"])
    {
        PrimaryKey = ["hash"],
    };

    /// <summary>
    /// What was no event, and events that a table refused: when, from where, why, and the bytes. What is longer than a
    /// packet of the database is divided into parts, numbered from 1.
    /// </summary>
    public static TableDefinition Rejected { get; } = new(
        "rejected",
        [
            new TableColumn("hash", ColumnKind.Hash),
            new TableColumn("place", ColumnKind.Integer),
            new TableColumn("part", ColumnKind.Integer),
            new TableColumn("parts", ColumnKind.Integer),
            new TableColumn("remote", ColumnKind.ShortText),
            new TableColumn("reason", ColumnKind.LongText),
            new TableColumn("bytes", ColumnKind.Bytes),
            new TableColumn("arrived", ColumnKind.Time),
        ],
        ["arrived"]);

    public static IReadOnlyList<TableDefinition> All { get; } = [Hashes, Rejected];
}
