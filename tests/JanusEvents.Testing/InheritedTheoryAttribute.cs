using Xunit;
using Xunit.Sdk;

namespace JanusEvents.Testing;

/// <summary>A theory of a base class, as <see cref="InheritedFactAttribute"/> is a fact of one.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("JanusEvents.Testing.Inherited.InheritedTheoryDiscoverer", "JanusEvents.Testing")]
public sealed class InheritedTheoryAttribute : TheoryAttribute;
