using Xunit;
using Xunit.Sdk;

namespace JanusEvents.Testing;

/// <summary>
/// A test of a base class that runs once for each class derived from it, and is skipped, with the reason, where the
/// machine lacks what the derived class <see cref="NeedsAttribute">needs</see>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("JanusEvents.Testing.Inherited.InheritedFactDiscoverer", "JanusEvents.Testing")]
public sealed class InheritedFactAttribute : FactAttribute;
