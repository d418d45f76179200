using Xunit.Abstractions;
using Xunit.Sdk;

namespace JanusEvents.Testing.Inherited;

/// <summary>An inherited test of one derived class, which says what it needs.</summary>
public sealed class InheritedTestCase : XunitTestCase
{
    /// <summary>For xunit, which makes a test case again in another process.</summary>
    [Obsolete("Called by xunit only.")]
    public InheritedTestCase()
    {
    }

    /// <summary>Makes the test case.</summary>
    public InheritedTestCase(IMessageSink diagnostics, ITestMethod method, object[]? arguments)
        : base(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method, arguments)
    {
    }

    /// <inheritdoc/>
    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute)
        ?? TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute))
            .Select(needs => Machine.WhatIsMissing(needs.GetNamedArgument<Capabilities>(nameof(NeedsAttribute.Needed))))
            .FirstOrDefault(missing => missing is not null);
}
