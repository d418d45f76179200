using Xunit.Sdk;
using Xunit.v3;

namespace JanusEvents.Testing.Inherited;

/// <summary>Finds the theories that derived classes inherit.</summary>
public sealed class InheritedTheoryDiscoverer : TheoryDiscoverer
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute)
    {
        var inherited = (InheritedTheoryAttribute)factAttribute;
        inherited.Skip ??= NeedsAttribute.WhatIsMissing(testMethod);
        return base.Discover(discoveryOptions, testMethod, inherited);
    }
}
