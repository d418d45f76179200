namespace JanusEvents.Relational.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
internal record TableColumn(string Name, ColumnKind Kind)
{
    /// <summary>How many characters a <see cref="ColumnKind.ShortText"/> holds.</summary>
    public const int ShortTextLength = 255;
}
