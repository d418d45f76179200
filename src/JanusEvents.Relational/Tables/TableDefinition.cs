namespace JanusEvents.Relational.Tables;

/// <summary>A table: its columns after <c>id</c>, and the indexes beside the primary key.</summary>
internal class TableDefinition(string name, IReadOnlyList<TableColumn> columns, params IReadOnlyList<string>[] indexes)
{
    public string Name { get; } = name;

    public IReadOnlyList<TableColumn> Columns { get; } = columns;

    public IReadOnlyList<IReadOnlyList<string>> Indexes { get; } = indexes;

    /// <summary>The columns of the primary key when the table has no <c>id</c> of its own making.</summary>
    public IReadOnlyList<string>? PrimaryKey { get; init; }
}
