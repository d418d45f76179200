using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>Keeps what is logged, for tests that look at it.</summary>
public sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

    /// <summary>The messages of a level and above.</summary>
    public IEnumerable<string> From(LogLevel level) => _lines.Where(l => l.Level >= level).Select(l => l.Text);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
