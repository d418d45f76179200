using System.Runtime.CompilerServices;
using JanusEvents.Testing.Inherited;
using Xunit;
using Xunit.v3;

namespace JanusEvents.Testing;

/// <summary>
/// A test of a base class that runs once for each class derived from it, and is skipped, with the reason, where the
/// machine lacks what the derived class <see cref="NeedsAttribute">needs</see>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(InheritedFactDiscoverer))]
public sealed class InheritedFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : FactAttribute(sourceFilePath, sourceLineNumber);
