namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The application with optimized code, as "dotnet publish" makes it.</summary>
public sealed class OptimizedNativeApplication() : NativeApplication(isOptimized: true);
