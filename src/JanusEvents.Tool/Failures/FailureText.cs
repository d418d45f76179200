using System.Data.Common;
using Microsoft.Extensions.Options;

namespace JanusEvents.Tool.Failures;

/// <summary>The text of the exception that ended a command.</summary>
internal static class FailureText
{
    /// <summary>The text; null for a failure that nobody foresaw, which deserves its stack trace.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        CommandException or OptionsValidationException or TimeoutException or UnauthorizedAccessException
            or InvalidOperationException or IOException or FormatException => exception.Message,
        InvalidDataException => exception.InnerException is { } cause ? $"{exception.Message} {cause.Message}" : exception.Message,
        DbException => $"The database reports: {exception.Message}",
        ArgumentException { ParamName: "connectionString" } =>
            $"ConnectionStrings:JanusEvents: {exception.Message.Replace(" (Parameter 'connectionString')", "", StringComparison.Ordinal)}",
        AggregateException several when several.InnerExceptions.All(inner => Of(inner) is not null) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(Of)),
        _ => null,
    };
}

/// <summary>Ends a command; the message is the one line that its user sees.</summary>
internal sealed class CommandException(string message) : Exception(message);
