using Xunit.Sdk;
using Xunit.v3;

namespace JanusEvents.Testing.Inherited;

/// <summary>Finds the facts that derived classes inherit.</summary>
public sealed class InheritedFactDiscoverer : FactDiscoverer
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute)
    {
        var inherited = (InheritedFactAttribute)factAttribute;
        inherited.Skip ??= NeedsAttribute.WhatIsMissing(testMethod);
        return base.Discover(discoveryOptions, testMethod, inherited);
    }
}
