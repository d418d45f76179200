using Microsoft.Extensions.Logging;

namespace JanusEvents.Observation;

/// <summary>
/// A logger that never throws: a provider that does (a full disk, a service that is away) must not decide what is stored,
/// retried or answered. Everything on a body's way logs through one.
/// </summary>
/// <typeparam name="T">The type that logs; its name is the category.</typeparam>
internal sealed class ContainedLogger<T>(ILogger<T> logger) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
#pragma warning disable CA1031 // Whatever a provider throws, there is nowhere left to report it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031 // Whatever a provider throws, there is nowhere left to report it.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
