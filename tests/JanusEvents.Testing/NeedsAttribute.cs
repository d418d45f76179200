using System.Reflection;
using Xunit.v3;

namespace JanusEvents.Testing;

/// <summary>
/// What the tests of a class need of the machine that are written in its base class as <see cref="InheritedFactAttribute"/>
/// and <see cref="InheritedTheoryAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Capabilities needed) : Attribute
{
    /// <summary>What the tests need.</summary>
    public Capabilities Needed { get; } = needed;

    /// <summary>What the machine lacks of what the test's class needs; null when it lacks nothing.</summary>
    internal static string? WhatIsMissing(IXunitTestMethod test) =>
        test.TestClass.Class.GetCustomAttribute<NeedsAttribute>() is { } needs ? Machine.WhatIsMissing(needs.Needed) : null;
}
