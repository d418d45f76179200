namespace JanusEvents.Reliability.Tests;

/// <summary>When a body is answered.</summary>
public enum Acknowledge
{
    /// <summary>After the commit of the database.</summary>
    AfterCommit,

    /// <summary>After the spool has it.</summary>
    AfterSpool,
}
