namespace JanusEvents.Packages.Tests.Packing;

/// <summary>The tests that look at the packages, all at the same ones.</summary>
[CollectionDefinition(Name)]
public sealed class PackedPackagesTests : ICollectionFixture<PackedPackages>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Packed packages";
}
