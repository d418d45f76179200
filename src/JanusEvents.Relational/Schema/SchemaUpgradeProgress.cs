namespace JanusEvents;

/// <summary>How far an upgrade of the tables is.</summary>
/// <param name="Message">A line for people. It has nothing of an event in it.</param>
public sealed record SchemaUpgradeProgress(string Message)
{
    /// <summary>The table that it is about; null for the upgrade as a whole.</summary>
    public string? Table { get; init; }

    /// <summary>Which of the tables that are changed it is, from 1; 0 before the first.</summary>
    public int TableNumber { get; init; }

    /// <summary>How many tables are changed; 0 while that is not known.</summary>
    public int Tables { get; init; }

    /// <summary>About how many rows the table has; null where it does not matter.</summary>
    public long? Rows { get; init; }

    /// <summary>About how long changing the table takes; null where it is not known.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
