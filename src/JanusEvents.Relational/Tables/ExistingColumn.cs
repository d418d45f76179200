namespace JanusEvents.Relational.Tables;

/// <summary>A column that a database has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TimeDigits">How many digits of a second it keeps, if it is one for times.</param>
internal sealed record ExistingColumn(string Name, int? TimeDigits)
{
    public bool IsNamed(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
