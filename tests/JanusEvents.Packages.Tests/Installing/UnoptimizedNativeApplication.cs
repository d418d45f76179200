namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The application with code that is not optimized.</summary>
public sealed class UnoptimizedNativeApplication() : NativeApplication(isOptimized: false);
