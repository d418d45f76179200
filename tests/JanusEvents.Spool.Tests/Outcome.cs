namespace JanusEvents.Spool.Tests;

/// <summary>How a write of a <see cref="ResumingSink"/> ends.</summary>
internal enum Outcome
{
    /// <summary>Stored, and it says so.</summary>
    Stored,

    /// <summary>Not stored.</summary>
    Failed,

    /// <summary>Stored, and it says that it failed.</summary>
    StoredButUnknown,
}
