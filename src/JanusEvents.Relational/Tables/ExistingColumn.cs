namespace JanusEvents.Relational.Tables;

/// <summary>A column that a database has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the database names it, without a length.</param>
/// <param name="IsKey">Whether it belongs to the primary key.</param>
/// <param name="TimeDigits">How many digits of a second it keeps, if it is one for times.</param>
/// <param name="HasDefault">Whether a row that leaves it out has something else than null there.</param>
internal sealed record ExistingColumn(string Name, string Type, bool IsKey, int? TimeDigits, bool HasDefault)
{
    public bool IsNamed(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
