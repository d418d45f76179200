using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The application as its user publishes it. The native compiler takes minutes.</summary>
[Collection(PackedPackagesTests.Name)]
[Needs(Capabilities.NativeCompilation | Capabilities.MariaDb)]
[Trait("Category", "Slow")]
public sealed class OptimizedNativeApplicationTests(PackedPackages packages, OptimizedNativeApplication application, MariaDbFixture mariaDb)
    : NativeApplicationTests(packages, application, mariaDb), IClassFixture<OptimizedNativeApplication>;
