using System.Data.Common;

namespace JanusEvents.SampleHost.Commands;

/// <summary>Makes one clear line of what ends a command.</summary>
internal static class StoreFailure
{
    /// <summary>The line, or null for a failure that nobody foresaw, which deserves its stack trace.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        CommandException or TimeoutException or UnauthorizedAccessException or InvalidOperationException or InvalidDataException =>
            exception.Message,
        DbException => $"The database says: {exception.Message}",
        AggregateException { InnerExceptions: [{ } one] } => Explain(one),
        _ => StartFailure.Explain(exception),
    };
}
