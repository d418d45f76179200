using Xunit.Abstractions;
using Xunit.Sdk;

namespace JanusEvents.Testing.Inherited;

/// <summary>Finds the facts that derived classes inherit.</summary>
public sealed class InheritedFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new InheritedTestCase(DiagnosticMessageSink, testMethod, null);
}
