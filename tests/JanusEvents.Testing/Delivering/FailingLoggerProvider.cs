using Microsoft.Extensions.Logging;

namespace JanusEvents.Testing;

/// <summary>Throws whatever is logged by this library.</summary>
public sealed class FailingLoggerProvider : ILoggerProvider, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw new InvalidOperationException("The log is full.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
