namespace JanusEvents.Relational.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind of its values.</param>
internal record TableColumn(string Name, ColumnKind Kind)
{
    /// <summary>How many characters a <see cref="ColumnKind.Key"/> holds.</summary>
    public const int KeyLength = 30;

    /// <summary>How many characters a <see cref="ColumnKind.ShortText"/> holds.</summary>
    public const int ShortTextLength = 255;

    /// <summary>
    /// How many characters a <see cref="ColumnKind.Name"/> holds: as many as an index of MySQL 5.6 takes (767 bytes).
    /// </summary>
    public const int NameLength = 190;

    /// <summary>
    /// Whether a row that leaves the column out has something else than null there, by a default that somebody gave it. No column
    /// that JanusEvents makes has one, but for that of the day.
    /// </summary>
    public bool HasDefault { get; init; }
}
