namespace JanusEvents.Relational.Schema;

/// <summary>The database works, but did not allow a change of its tables.</summary>
internal sealed class SchemaUpgradeException : InvalidOperationException
{
    public SchemaUpgradeException()
    {
    }

    public SchemaUpgradeException(string message)
        : base(message)
    {
    }

    public SchemaUpgradeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
