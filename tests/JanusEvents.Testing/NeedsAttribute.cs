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
}
