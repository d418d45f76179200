namespace JanusEvents.MySql;

/// <summary>An index as the server describes it: its columns, each with the characters that it takes of them, if not all.</summary>
internal sealed record MySqlIndex(string Name, bool IsFullText, IReadOnlyList<(string Column, long? Length)> Parts)
{
    /// <summary>Whether it finds what an index on these columns finds.</summary>
    public bool Serves(IReadOnlyList<string> columns) =>
        !IsFullText
        && Parts.Count >= columns.Count
        && columns.Select((c, i) => Parts[i].Length is null && Parts[i].Column.Equals(c, StringComparison.OrdinalIgnoreCase)).All(same => same);
}
