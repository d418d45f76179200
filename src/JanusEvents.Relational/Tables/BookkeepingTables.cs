namespace JanusEvents.Relational.Tables;

/// <summary>The tables beside the events: what was stored already, and what could not be.</summary>
internal static class BookkeepingTables
{
    /// <summary>
    /// The hashes of the bodies that were stored: written in the same transaction as their events, so that a body that
    /// is retransmitted is known. <c>batch</c> is a random number by which a writer recognises the hashes that it put there itself.
    /// <c>stored</c> is when it was stored, not when it arrived, which may be long before where there is a spool.
    /// </summary>
    public static TableDefinition Hashes { get; } = new(
        "hashes",
        [
            new TableColumn("hash", ColumnKind.Hash),
            new TableColumn("batch", ColumnKind.Integer),
            new TableColumn("stored", ColumnKind.Time),
        ],
        ["stored"])
    {
        PrimaryKey = ["hash"],
    };

    /// <summary>
    /// Invalid elements, and events that a table refused: when, from where, why, and the bytes. One longer than a
    /// packet of the database is divided into parts, numbered from 1. <c>size</c> is the length of the bytes; the bytes
    /// themselves are left out when the table holds as many as it may.
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
            new TableColumn("size", ColumnKind.Integer),
            new TableColumn("bytes", ColumnKind.Bytes),
            new TableColumn("arrived", ColumnKind.Time),
        ],
        ["arrived"])
    {
        NumbersItself = true,
    };

    /// <summary>How far each spool was stored, written in the same transaction as the events.</summary>
    public static TableDefinition Spools { get; } = new(
        "spools",
        [
            new TableColumn("spool", ColumnKind.Guid),
            new TableColumn("done", ColumnKind.Integer),
            new TableColumn("stored", ColumnKind.Time),
        ])
    {
        PrimaryKey = ["spool"],
    };

    /// <summary>
    /// The part of a row that the columns of a published table, not upgraded, do not give back: it stands in the column
    /// <c>extra</c> otherwise, and the place in a combined event.
    /// </summary>
    public static TableDefinition Extras { get; } = new(
        "extras",
        [
            new TableColumn("tablename", ColumnKind.Key),
            new TableColumn("row", ColumnKind.Integer),
            new TableColumn("part", ColumnKind.Integer),
            new TableColumn("extra", ColumnKind.Json),
        ])
    {
        PrimaryKey = ["tablename", "row"],
    };

    /// <summary>
    /// The next number that a row of any table of events gets. It only grows, and no purge touches it, so that numbers
    /// are in the order of arrival permanently.
    /// </summary>
    public static TableDefinition Counters { get; } = new(
        "counters",
        [
            new TableColumn("name", ColumnKind.Key),
            new TableColumn("next", ColumnKind.Integer),
        ])
    {
        PrimaryKey = ["name"],
    };

    /// <summary>
    /// When the rows of a table were there: those up to the number <c>row</c> had arrived at the time <c>noted</c>, by the
    /// host's clock. One is recorded each hour while old rows are to be removed; what it is from is at least that old.
    /// </summary>
    public static TableDefinition Arrivals { get; } = new(
        "arrivals",
        [
            new TableColumn("tablename", ColumnKind.Key),
            new TableColumn("row", ColumnKind.Integer),
            new TableColumn("noted", ColumnKind.Time),
        ])
    {
        PrimaryKey = ["tablename", "row"],
    };

    /// <summary>
    /// Which version of JanusEvents the tables are of, in the row <c>schema</c>. Published tables that were not upgraded
    /// have none.
    /// </summary>
    public static TableDefinition Versions { get; } = new(
        "versions",
        [
            new TableColumn("name", ColumnKind.Key),
            new TableColumn("version", ColumnKind.Integer),
        ])
    {
        PrimaryKey = ["name"],
    };

    /// <summary>
    /// Work that one host does for all, on a server: creating views, upgrading, removing old rows. <c>until</c> is when another
    /// host may take it over, by the server's clock in UTC; the host that does it moves it on.
    /// </summary>
    public static TableDefinition Claims { get; } = new(
        "claims",
        [
            new TableColumn("name", ColumnKind.Key),
            new TableColumn("owner", ColumnKind.Guid),
            new TableColumn("until", ColumnKind.Time),
        ])
    {
        PrimaryKey = ["name"],
    };

    public static IReadOnlyList<TableDefinition> All { get; } = [Hashes, Rejected, Spools, Counters, Extras, Arrivals, Versions, Claims];
}
