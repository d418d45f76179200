using Xunit.Abstractions;
using Xunit.Sdk;

namespace JanusEvents.Testing.Inherited;

/// <summary>Finds the theories that derived classes inherit.</summary>
public sealed class InheritedTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow) =>
        [new InheritedTestCase(DiagnosticMessageSink, testMethod, dataRow)];
}
