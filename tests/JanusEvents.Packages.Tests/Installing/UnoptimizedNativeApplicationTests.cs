using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The application without optimization: the native compiler's warnings are the same.</summary>
[Collection(PackedPackagesTests.Name)]
[Needs(Capabilities.NativeCompilation | Capabilities.MariaDb)]
public sealed class UnoptimizedNativeApplicationTests(PackedPackages packages, UnoptimizedNativeApplication application, MariaDbFixture mariaDb)
    : NativeApplicationTests(packages, application, mariaDb), IClassFixture<UnoptimizedNativeApplication>;
