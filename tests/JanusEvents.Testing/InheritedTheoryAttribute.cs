using System.Runtime.CompilerServices;
using JanusEvents.Testing.Inherited;
using Xunit;
using Xunit.v3;

namespace JanusEvents.Testing;

/// <summary>A theory of a base class, as <see cref="InheritedFactAttribute"/> is a fact of one.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(InheritedTheoryDiscoverer))]
public sealed class InheritedTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber);
