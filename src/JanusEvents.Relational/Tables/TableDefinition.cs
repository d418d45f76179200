namespace JanusEvents.Relational.Tables;

/// <summary>A table: its columns, and the indexes beside the primary key.</summary>
internal class TableDefinition(string name, IReadOnlyList<TableColumn> columns, params IReadOnlyList<string>[] indexes)
{
    public string Name { get; } = name;

    public IReadOnlyList<TableColumn> Columns { get; } = columns.Count <= ColumnSet.MaxColumns
        ? columns
        : throw new ArgumentException($"The table {name} has more than {ColumnSet.MaxColumns} columns.", nameof(columns));

    public IReadOnlyList<IReadOnlyList<string>> Indexes { get; } = indexes;

    /// <summary>The columns of the primary key: by default <c>id</c>.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = ["id"];

    /// <summary>Whether the database numbers the rows by itself, in a column <c>id</c> that no row brings along.</summary>
    public bool NumbersItself { get; init; }
}
