using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>Remembers what is logged.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>What the library itself logged.</summary>
    public IEnumerable<LogEntry> Own => _entries.Where(entry => entry.Category.StartsWith("JanusEvents", StringComparison.Ordinal));

    public IEnumerable<LogEntry> OfId(int id) => Own.Where(entry => entry.Id == id);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordingLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue(new LogEntry(category, logLevel, eventId.Id, $"{formatter(state, exception)} {exception}".TrimEnd()));
    }
}

internal sealed record LogEntry(string Category, LogLevel Level, int Id, string Message);
