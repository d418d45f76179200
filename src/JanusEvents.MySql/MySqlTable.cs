namespace JanusEvents.MySql;

/// <summary>A table as the server describes it.</summary>
internal sealed record MySqlTable(
    string Name,
    string Engine,
    string Collation,
    string Options,
    long Rows,
    long Bytes,
    IReadOnlyList<MySqlColumn> Columns,
    IReadOnlyList<MySqlIndex> Indexes)
{
    public MySqlColumn? Column(string name) => Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>An index as the server describes it: its columns, each with the characters that it takes of them, if not all.</summary>
internal sealed record MySqlIndex(string Name, bool IsFullText, IReadOnlyList<(string Column, long? Length)> Parts)
{
    /// <summary>Whether it finds what an index on these columns finds.</summary>
    public bool Serves(IReadOnlyList<string> columns) =>
        !IsFullText
        && Parts.Count >= columns.Count
        && columns.Select((c, i) => Parts[i].Length is null && Parts[i].Column.Equals(c, StringComparison.OrdinalIgnoreCase)).All(same => same);
}

/// <summary>A column as the server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as it is written, such as <c>varchar(30)</c>.</param>
/// <param name="TypeName">Its type without length, in lower case.</param>
/// <param name="Length">How many characters it holds, if it is one for text.</param>
/// <param name="TimeDigits">How many digits of a second it keeps, if it is one for times.</param>
/// <param name="IsNullable">Whether it may be NULL.</param>
/// <param name="Collation">How its text is compared; null for what is no text.</param>
/// <param name="Default">The value of a row that brings none, as SQL; null for NULL or nothing.</param>
/// <param name="IsNumbered">Whether it has AUTO_INCREMENT.</param>
/// <param name="Comment">Its comment, empty if it has none.</param>
internal sealed record MySqlColumn(
    string Name,
    string Type,
    string TypeName,
    long Length,
    int? TimeDigits,
    bool IsNullable,
    string? Collation,
    string? Default,
    bool IsNumbered,
    string Comment);
