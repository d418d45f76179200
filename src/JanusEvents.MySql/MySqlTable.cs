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
