using System.Runtime.CompilerServices;
using Xunit;

namespace JanusEvents.Testing;

/// <summary>A theory that is skipped, with the reason, on a machine that lacks what it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryNeedingAttribute : TheoryAttribute
{
    /// <summary>Looks at the machine.</summary>
    public TheoryNeedingAttribute(
        Capabilities needed, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Needed = needed;
        Skip = Machine.WhatIsMissing(needed);
    }

    /// <summary>What the test needs.</summary>
    public Capabilities Needed { get; }
}
